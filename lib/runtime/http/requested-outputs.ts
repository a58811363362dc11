import { checkOutputs } from '../score/check-outputs.ts';
import type { Exchange } from './endpoint.ts';

/**
 * Returns the outputs that a request for records names in addition to the default ones: `?outputs=contributions,leaf`.
 * @throws RequestError 400 for a name that the model does not have
 */
export function requestedOutputs({ request: { query }, endpoint }: Exchange): string[] {
  // Most requests have no query, so the class that parses one is not loaded.
  if (!query?.includes('outputs=')) {
    return [];
  }
  const names = new URLSearchParams(query)
    .getAll('outputs')
    .flatMap(list => list.split(','))
    .map(name => name.trim())
    .filter(name => name !== '');
  checkOutputs(names, endpoint.model.signature.outputs);
  return names;
}
