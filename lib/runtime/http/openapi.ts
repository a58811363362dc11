import type { Endpoint } from './endpoint.ts';
import { openApiSchemas } from './openapi-schemas.ts';
import { json } from './respond.ts';
import type { Route } from './route.ts';
import type { HttpResponse } from './types.ts';

export function answerOpenApi(endpoint: Endpoint, routes: readonly Route[]): HttpResponse {
  return json(200, describeApi(endpoint, routes));
}

/** Returns the OpenAPI 3.1 description of every route: https://spec.openapis.org/oas/v3.1.1.html */
function describeApi(endpoint: Endpoint, routes: readonly Route[]): object {
  const { manifest, version } = endpoint.model;
  const described = routes.filter(route => route.summary !== undefined);
  return {
    openapi: '3.1.1',
    info: { title: manifest.name, version },
    // Relative to this document, wherever the platform serves it.
    servers: [{ url: './' }],
    paths: Object.fromEntries(
      [...Map.groupBy(described, route => route.path)].map(([path, group]) => [
        path,
        Object.fromEntries(group.map(route => [route.method.toLowerCase(), describeRoute(route, endpoint)])),
      ]),
    ),
    components: {
      schemas: openApiSchemas(endpoint),
      responses: {
        Error: { description: 'An error', ...content('Error') },
      },
    },
  };
}

function describeRoute({ summary, requestSchema, responseSchema }: Route, endpoint: Endpoint): object {
  const responses = {
    '200': { description: 'OK', ...content(responseSchema!) },
    default: { $ref: '#/components/responses/Error' },
  };
  const requestBody =
    requestSchema === undefined ? {} : { requestBody: { required: true, ...content(requestSchema) } };
  return { summary, ...parametersOf(requestSchema, endpoint), ...requestBody, responses };
}

/** Requests for records select outputs that are computed only on request with the query. */
function parametersOf(requestSchema: string | undefined, { model }: Endpoint): object {
  const names = model.signature.outputs.flatMap(({ name, onRequest }) => (onRequest ? name : []));
  if (names.length === 0 || !['Records', 'Instances', 'Invocation'].includes(requestSchema ?? '')) {
    return {};
  }
  const schema = { type: 'array', items: { enum: names } };
  const description = 'Outputs that are computed only on request';
  return {
    parameters: [{ name: 'outputs', in: 'query', description, schema, style: 'form', explode: false }],
  };
}

/** Additional media types of bodies. */
const otherTypes: Record<string, string[]> = {
  Records: ['application/jsonl'],
  Invocation: ['application/jsonl', 'text/csv'],
};

function content(schema: string): object {
  const types = ['application/json', ...(otherTypes[schema] ?? [])];
  return {
    content: Object.fromEntries(
      types.map(type => [
        type,
        {
          schema:
            type !== 'application/json' ? { type: 'string' } : { $ref: `#/components/schemas/${schema}` },
        },
      ]),
    ),
  };
}
