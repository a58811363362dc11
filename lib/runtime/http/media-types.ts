import type { HttpRequest } from './types.ts';

/** The media types of bodies and answers that can only be JSON. */
export const jsonOnly = ['application/json'];

/** The media types that a path names if it also accepts JSON Lines. */
export const jsonOrLines = ['application/json', 'application/jsonl'];

/** https://jsonlines.org and https://github.com/ndjson/ndjson-spec; SageMaker uses a name of its own. */
export const linesTypes = [
  'application/jsonl',
  'application/x-ndjson',
  'application/jsonlines',
  'application/ndjson',
  'application/x-jsonl',
  'application/x-jsonlines',
];

/** Whether a request's body is JSON Lines. */
export function isJsonLines({ headers }: HttpRequest): boolean {
  const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(';');
  return linesTypes.includes(type.trim());
}
