import { RequestError } from '../errors.ts';
import type { Model } from '../open-model.ts';
import { serverTiming } from '../phases.ts';
import type { ScoreRecords } from '../score/score-records.ts';
import { type Context, routes } from './routes.ts';
import type { HttpRequest, HttpResponse } from './types.ts';

/** Answers a request. Never throws: an error of ours is logged whole and told as a bare 500. */
export async function handleHttp(
  model: Model,
  scoreRecords: ScoreRecords,
  request: HttpRequest,
): Promise<HttpResponse> {
  const cold = model.phases.first === undefined;
  const response = await dispatch({ model, scoreRecords }, request).catch(failure);
  if (cold && model.phases.first !== undefined) {
    response.headers['server-timing'] = serverTiming(model.phases);
  }
  return response;
}

async function dispatch(context: Context, request: HttpRequest): Promise<HttpResponse> {
  const { name } = context.model.manifest;
  const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
  const candidates = routes.filter(route => route.path.replace('{model}', encodeURIComponent(name)) === path);
  const route = candidates.find(candidate => candidate.method === request.method);
  if (route !== undefined) {
    return json(200, await route.answer(context, request));
  }
  if (candidates.length > 0) {
    const allowed = candidates.map(candidate => candidate.method).join(', ');
    const refusal = refuse(405, `${path} takes ${allowed}, not ${request.method}`);
    return { ...refusal, headers: { ...refusal.headers, allow: allowed } };
  }
  const asked = /^\/v2\/models\/([^/]+)/.exec(path)?.[1];
  return asked !== undefined && asked !== encodeURIComponent(name)
    ? refuse(404, `there is no model "${asked}" here; this is "${name}"`)
    : refuse(404, `there is nothing at ${path}`);
}

function failure(error: unknown): HttpResponse {
  if (error instanceof RequestError) {
    return refuse(error.status, error.message);
  }
  console.error(error);
  return refuse(500, 'internal error');
}

function refuse(status: number, error: string): HttpResponse {
  return json(status, { error });
}

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
