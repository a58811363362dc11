import { shorten } from '../errors.ts';
import type { Endpoint, Exchange } from './endpoint.ts';
import type { Loaded } from './loaded.ts';
import { preflightHeaders } from './preflight.ts';
import { refuse } from './respond.ts';
import { listRoutes } from './routes.ts';
import type { HttpResponse } from './types.ts';

/** Answers any path and method. @throws RequestError */
export async function answerPath(exchange: Exchange, path: string, loaded: Loaded): Promise<HttpResponse> {
  const { endpoint, request } = exchange;
  const routes = listRoutes(endpoint, loaded).filter(route => route.path === path);
  if (routes.length === 0) {
    return refuse(404, explainMissing(endpoint, shorten(path, 200)));
  }
  // HEAD returns what GET would, without the body.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = routes.find(candidate => candidate.method === method);
  if (route !== undefined) {
    return (method === 'POST' && loaded.refuseDelivery(request)) || route.answer(exchange);
  }
  const allow = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  if (method === 'OPTIONS') {
    const { cors } = endpoint.plan;
    const preflight = preflightHeaders(cors, loaded.corsHeaders(cors, request), allow);
    return { status: 204, headers: { allow: `${allow}, OPTIONS`, ...preflight }, body: '' };
  }
  const refusal = refuse(405, `${path} accepts ${allow}, not ${shorten(method, 20)}`);
  return { ...refusal, headers: { ...refusal.headers, allow: `${allow}, OPTIONS` } };
}

function explainMissing({ model }: Endpoint, path: string): string {
  const { name } = model.manifest;
  const [, requested, version] = /^\/v[12]\/models\/([^/:]+)(?:\/versions\/([^/:]+))?/.exec(path) ?? [];
  if (requested !== undefined && requested !== name) {
    return `unknown model "${requested}"; this function serves "${name}"`;
  }
  return version !== undefined && version !== model.version
    ? `unknown version "${version}" of "${name}"; this function serves "${model.version}"`
    : `there is nothing at ${path}; POST / takes records`;
}
