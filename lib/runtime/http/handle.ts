import { answerTooLarge } from '../answer-limit.ts';
import { RequestError } from '../errors.ts';
import { serverTiming } from '../phases.ts';
import { acceptedEncodings } from './accepted-encodings.ts';
import { byteLength } from './bytes.ts';
import { compress } from './compress.ts';
import { corsHeaders } from './cors.ts';
import { refuseDelivery } from './deliveries.ts';
import type { Endpoint, Exchange } from './endpoint.ts';
import { loadOthers } from './load-others.ts';
import { loaded } from './loaded.ts';
import { isJsonLines } from './media-types.ts';
import { answerInfer } from './open-inference.ts';
import type { HttpPlan } from './plan.ts';
import { plainServer } from './platform.ts';
import { answerRecords } from './records.ts';
import { refuse } from './respond.ts';
import type { HttpPlatform, HttpRequest, HttpResponse } from './types.ts';

/** @param platform - the platform that delivered the request, with its limits (default: a self-hosted server) */
export type Http = (request: HttpRequest, platform?: HttpPlatform) => Promise<HttpResponse>;

/** Answers requests. It never throws: an internal error is logged in full and answered with a bare 500. */
export function handleHttp(endpoint: Endpoint): Http {
  const { phases } = endpoint.model;
  const { cors } = endpoint.plan;
  return async (request, platform = plainServer) => {
    const cold = phases.first === undefined;
    const response = await dispatch({ endpoint, request, platform }).catch(failure);
    Object.assign(response.headers, corsHeaders(cors, request));
    if (cold && phases.first !== undefined) {
      response.headers['server-timing'] = serverTiming(phases);
    }
    return finish(response, { request, platform, cors });
  };
}

/** Answers records and inference requests itself; the code for any other path is in a chunk. */
async function dispatch(exchange: Exchange): Promise<HttpResponse> {
  const { endpoint, request } = exchange;
  const path = withoutBase(normalise(request.path), endpoint.plan.basePath);
  const answer = request.method === 'POST' ? answerOf(request, path, endpoint) : undefined;
  if (answer !== undefined) {
    return refuseDelivery(request) ?? answer(exchange);
  }
  const { answerPath } = await loadOthers();
  return answerPath(exchange, path, loaded);
}

function answerOf(request: HttpRequest, path: string, { model, plan }: Endpoint) {
  // Vertex AI may also call this path, with a different body.
  if (path === '/' && plan.vertex.predict !== path && !isJsonLines(request)) {
    return answerRecords;
  }
  const prefix = `/v2/models/${model.manifest.name}`;
  return path === `${prefix}/infer` || path === `${prefix}/versions/${model.version}/infer`
    ? answerInfer
    : undefined;
}

/** Removes the base path that a platform puts before the function's paths; health checks may omit it. */
function withoutBase(path: string, base: string | null): string {
  return base !== null && `${path}/`.startsWith(`${base}/`) ? path.slice(base.length) || '/' : path;
}

/**
 * Normalises a path. Platforms differ in whether they decode it: `NAME:predict` may arrive as `NAME%3Apredict`. The
 * root of an API mapping has no path.
 */
function normalise(path: string): string {
  const bare = (path.endsWith('/') ? path.slice(0, -1) : path) || '/';
  try {
    return bare.includes('%') ? decodeURIComponent(bare) : bare;
  } catch {
    return bare;
  }
}

function failure(error: unknown): HttpResponse {
  if (!(error instanceof RequestError)) {
    console.error(error);
    return refuse(500, 'internal error');
  }
  const response = refuse(error.status, error.message);
  if (error.code === 'ENCODING' && error.status === 415) {
    response.headers['accept-encoding'] = acceptedEncodings;
  }
  return response;
}

/** Compresses an answer, and checks that the platform can carry it. */
async function finish(
  response: HttpResponse,
  { request, platform, cors }: { request: HttpRequest; platform: HttpPlatform; cors: HttpPlan['cors'] },
): Promise<HttpResponse> {
  if (request.method === 'HEAD') {
    return { ...response, body: '' };
  }
  if (response.stream !== undefined) {
    return response;
  }
  const packed = platform.compresses ? await compress(request, response) : response;
  const { name, maxResponseBytes } = platform;
  // The length is checked first, because weighing a text may mean serialising it again.
  if (packed.body.length <= maxResponseBytes && platform.weigh(packed) <= maxResponseBytes) {
    return packed;
  }
  return refuseSize(response, { name, maxResponseBytes }, corsHeaders(cors, request));
}

function refuseSize(
  { body }: HttpResponse,
  { name, maxResponseBytes }: Pick<HttpPlatform, 'name' | 'maxResponseBytes'>,
  cors: Record<string, string>,
): HttpResponse {
  const size = `${byteLength(body)} bytes, more than ${name} carries (${maxResponseBytes})`;
  const { headers, ...refusal } = refuse(413, answerTooLarge(size).message);
  return { ...refusal, headers: { ...cors, ...headers } };
}
