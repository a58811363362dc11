/** An HTTP request, the same whichever platform brought it. */
export interface HttpRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** As sent, without `?`. Default: none. */
  query?: string | undefined;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** Text where the platform brings text, which saves a copy. */
  body: string | Uint8Array;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
  /** In place of the body, only where the platform streams: its parts, as they are made. */
  stream?: AsyncIterable<string>;
}

/** What the platform that brought a request allows; its source fills it in. */
export interface HttpPlatform {
  /** For messages: `AWS Lambda`. */
  name: string;
  /** Of a body as it arrives: still compressed, no longer base64. */
  maxRequestBytes: number;
  /** Of an answer, as `weigh` weighs it. */
  maxResponseBytes: number;
  /** What the platform counts of an answer, in bytes. */
  weigh(response: HttpResponse): number;
  /** Whether a body of bytes arrives at the client as bytes, so that an answer may be compressed. */
  compresses: boolean;
  /** Whether an answer may be sent in parts, and be of any size. */
  streams?: true;
  /** Whether the instance ends soon: it answers, and is not ready for more. Default: no. */
  isDraining?: boolean;
  /** Milliseconds until the platform stops waiting. */
  remainingMs(): number;
  /**
   * Counts bytes that are kept until the request is answered, where several requests are under way at once.
   * @throws RequestError 503 when they are too many
   */
  hold?(bytes: number): void;
  /** Counts what was scored, for the platform's telemetry. */
  tally?: { records: number; failures: number };
}
