/** A request of a deployment. */
export interface PlannedRequest {
  method: string;
  url: string;
  body?: unknown;
}
