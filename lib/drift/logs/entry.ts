/** One entry of a log, out of whatever a tool wrapped it in. */
export interface LogEntry {
  /** What the function wrote, where that is JSON; else the text. */
  content: Record<string, unknown> | string;
  /** Milliseconds since 1970, by the entry or what it was wrapped in. */
  timeMs?: number;
  /** Version of a Lambda function, or revision of a Cloud Run service. */
  version?: string;
  /** Where it was read, for a person. */
  where: string;
}
