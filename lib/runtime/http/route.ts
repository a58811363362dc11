import type { Exchange } from './endpoint.ts';
import type { HttpResponse } from './types.ts';

export interface Route {
  method: 'GET' | 'POST';
  path: string;
  /** The summary in the OpenAPI document, which omits routes without one. */
  summary?: string;
  /** Names of the body schemas in the OpenAPI document. */
  requestSchema?: string;
  responseSchema?: string;
  /** @throws RequestError */
  answer(exchange: Exchange): HttpResponse | Promise<HttpResponse>;
}
