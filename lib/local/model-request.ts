import { ColdpressError } from '../errors.ts';
import { toFunctionUrlEvent } from './function-url.ts';

/** https://github.com/open-inference/open-inference-protocol: the path of a model, which returns its metadata. */
export function modelPath(model: string): string {
  return `/v2/models/${encodeURIComponent(model)}`;
}

/** The Function URL event of an inference request. */
export function inferenceEvent(model: string, input: string): string {
  return httpEvent({ method: 'POST', url: `${modelPath(model)}/infer`, body: Buffer.from(input) });
}

/** A body of `POST /`: one or more records. */
export interface RecordBody {
  text: string;
  /** @default application/json */
  contentType?: string;
}

/** The Function URL event of a request to score records. */
export function recordEvent({ text, contentType }: RecordBody): string {
  return httpEvent({
    method: 'POST',
    url: '/',
    body: Buffer.from(text),
    ...(contentType && { contentType }),
  });
}

/** The Function URL event of a request for the model's metadata. */
export function metadataEvent(model: string): string {
  return httpEvent({ method: 'GET', url: modelPath(model), body: Buffer.alloc(0) });
}

function httpEvent({
  contentType = 'application/json',
  ...request
}: {
  method: string;
  url: string;
  body: Buffer;
  contentType?: string;
}): string {
  const event = toFunctionUrlEvent({
    ...request,
    headers: { host: 'localhost', 'content-type': contentType, 'user-agent': 'coldpress' },
    sourceIp: '127.0.0.1',
    now: new Date(),
  });
  return JSON.stringify(event);
}

/** @throws ColdpressError EVENT_INVALID */
export function checkJson(text: string, name: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new ColdpressError('EVENT_INVALID', `the ${name} is not JSON: ${(cause as Error).message}`, {
      hint:
        name === 'record'
          ? 'it is JSON, or JSON Lines in a file that ends with .jsonl; to score CSV, run npx coldpress batch DIR FILE OUT'
          : 'it is one JSON document, as the platform or a client would send it',
      cause,
    });
  }
}
