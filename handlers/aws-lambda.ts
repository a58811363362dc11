import score from '#score';
import { openFunction } from '../lib/runtime/function.ts';
import { awsSources } from '../lib/runtime/sources/aws.ts';

// At the top level, so that Lambda's INIT phase covers it.
const fn = openFunction(import.meta.dirname, score);

export async function handler(event: object): Promise<unknown> {
  const source = awsSources.find(candidate => candidate.matches(event));
  return source?.handle(event, fn);
}
