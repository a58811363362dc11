import { answerTooLarge } from '../answer-limit.ts';
import { RequestError, shorten } from '../errors.ts';
import { serverTiming } from '../phases.ts';
import { acceptedEncodings } from './accepted-encodings.ts';
import { byteLength } from './bytes.ts';
import { compress } from './compress.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { refuseDelivery } from './deliveries.ts';
import type { Endpoint, Exchange, Route } from './endpoint.ts';
import type { HttpPlan } from './plan.ts';
import { plainServer } from './platform.ts';
import { refuse } from './respond.ts';
import { listRoutes } from './routes.ts';
import type { HttpPlatform, HttpRequest, HttpResponse } from './types.ts';

/** @param platform - the platform that delivered the request, with its limits (default: a self-hosted server) */
export type Http = (request: HttpRequest, platform?: HttpPlatform) => Promise<HttpResponse>;

/** Answers requests. It never throws: an internal error is logged in full and answered with a bare 500. */
export function handleHttp(endpoint: Endpoint): Http {
  // Created by the first request, so that a function that only receives events never creates it.
  let routes: Route[] | undefined;
  return async (request, platform = plainServer) => {
    routes ??= listRoutes(endpoint);
    const { phases } = endpoint.model;
    const cold = phases.first === undefined;
    const response = await dispatch({ endpoint, request, platform, routes }).catch(failure);
    Object.assign(response.headers, corsHeaders(endpoint.plan.cors, request));
    if (cold && phases.first !== undefined) {
      response.headers['server-timing'] = serverTiming(phases);
    }
    return finish(response, { request, platform, cors: endpoint.plan.cors });
  };
}

async function dispatch(exchange: Exchange): Promise<HttpResponse> {
  const { endpoint, request } = exchange;
  const path = withoutBase(normalise(request.path), endpoint.plan.basePath);
  const routes = exchange.routes.filter(route => route.path === path);
  if (routes.length === 0) {
    return refuse(404, explainMissing(endpoint, shorten(path, 200)));
  }
  // HEAD returns what GET would, without the body.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = routes.find(candidate => candidate.method === method);
  return route === undefined
    ? refuseMethod(exchange, { path, routes, method })
    : (method === 'POST' && refuseDelivery(request)) || route.answer(exchange);
}

function refuseMethod(
  { endpoint, request }: Exchange,
  { path, routes, method }: { path: string; routes: Route[]; method: string },
): HttpResponse {
  const allow = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  if (method === 'OPTIONS') {
    const headers = { allow: `${allow}, OPTIONS`, ...preflightHeaders(endpoint.plan.cors, request, allow) };
    return { status: 204, headers, body: '' };
  }
  const refusal = refuse(405, `${path} accepts ${allow}, not ${shorten(method, 20)}`);
  return { ...refusal, headers: { ...refusal.headers, allow: `${allow}, OPTIONS` } };
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

function explainMissing({ model }: Endpoint, path: string): string {
  const { name } = model.manifest;
  const [, requested, version] = /^\/v[12]\/models\/([^/:]+)(?:\/versions\/([^/:]+))?/.exec(path) ?? [];
  if (requested !== undefined && requested !== name) {
    return `unknown model "${requested}"; this function serves "${name}"`;
  }
  return version !== undefined && version !== model.version
    ? `unknown version "${version}" of "${name}"; this function serves "${model.version}"`
    : `there is nothing at ${path}`;
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
