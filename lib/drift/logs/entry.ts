/** An entry of a log, unwrapped from the format of the tool that exported it. */
export interface LogEntry {
  /** The function's output: an object if it is JSON, otherwise the text. */
  content: Record<string, unknown> | string;
  /** Milliseconds since 1970, from the entry or its wrapping. */
  timeMs?: number;
  /** Version of a Lambda function, or revision of a Cloud Run service. */
  version?: string;
  /** Where the entry was read, for messages. */
  where: string;
}
