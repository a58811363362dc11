/** The part of an object that a store returned, from some byte to the end. */
export interface RemotePart {
  body: AsyncIterable<Uint8Array>;
  /** Size of the whole object; `undefined` if the store does not report it. */
  totalBytes: number | undefined;
  /** Where `body` begins: 0 if the store started again because the object changed or ranges are not supported. */
  offsetBytes: number;
  /** Identifies this version of the object; empty if the store reports no such value. */
  validator: string;
}

export interface PartRequest {
  url: URL;
  /** Bytes that are already here, and the version of the object that they are from. */
  offsetBytes: number;
  validator: string;
  signal: AbortSignal;
}

/** Requests an object from a store. @throws FetchFailure, ColdpressError */
export type FetchPart = (request: PartRequest) => Promise<RemotePart>;
