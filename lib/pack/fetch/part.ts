/** What a store gave of an object, from some byte on. */
export interface RemotePart {
  body: AsyncIterable<Uint8Array>;
  /** Of the whole object; `undefined` where the store does not tell. */
  totalBytes: number | undefined;
  /** Where `body` begins: 0 when the store started again, for the object changed or it knows no ranges. */
  offsetBytes: number;
  /** Tells this state of the object from others; empty where the store does not. */
  validator: string;
}

export interface PartRequest {
  url: URL;
  /** What is there already, and of which state of the object. */
  offsetBytes: number;
  validator: string;
  signal: AbortSignal;
}

/** Asks a store for an object. @throws FetchFailure, ColdpressError */
export type FetchPart = (request: PartRequest) => Promise<RemotePart>;
