/** A request that a deployment makes. */
export interface PlannedRequest {
  method: string;
  url: string;
  body?: unknown;
}
