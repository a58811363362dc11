/** An HTTP request in a form that is the same on all platforms. */
export interface HttpRequest {
  method: string;
  /** The path, without the query. */
  path: string;
  /** The query as sent, without `?`. @default none */
  query?: string | undefined;
  /** The headers, with names in lower case. */
  headers: Record<string, string | undefined>;
  /** Text if the platform delivers text, which saves a copy. */
  body: string | Uint8Array;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
  /** Replaces the body if the platform streams: its parts, as they are made. */
  stream?: AsyncIterable<string>;
}

/** The limits and features of the platform that delivered a request, filled in by its source. */
export interface HttpPlatform {
  /** The name for messages, such as `AWS Lambda`. */
  name: string;
  /** Maximum bytes of a body as received: still compressed, but no longer base64. */
  maxRequestBytes: number;
  /** Maximum bytes of an answer, measured by `weigh`. */
  maxResponseBytes: number;
  /** Returns the bytes of an answer as the platform counts them. */
  weigh(response: HttpResponse): number;
  /** Whether bytes of a body reach the client unchanged, so that an answer may be compressed. */
  compresses: boolean;
  /** Whether an answer may be sent in parts, with any size. */
  streams?: true;
  /** Whether the instance ends soon: it still answers, but is not ready for more requests. @default false */
  isDraining?: boolean;
  /** Milliseconds until the platform stops waiting. */
  remainingMs(): number;
  /**
   * Counts bytes kept in memory until the request is answered, if several requests are open at once.
   * @throws RequestError 503 if there are too many
   */
  hold?(bytes: number): void;
  /** Counts scored records for the platform's telemetry. */
  tally?: { records: number; failures: number };
}
