import { RequestError } from '../errors.ts';
import type { Outcome } from './outcome.ts';

/** Adds to errors which record of a request failed, if there are several. */
export function nameRecords(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.map((outcome, index) => {
    if (outcome.ok || !(outcome.error instanceof RequestError)) {
      return outcome;
    }
    const { status, code, message, place } = outcome.error;
    const name = code === 'RECORD' || outcomes.length > 1 ? `record ${index + 1}` : '';
    return {
      ...outcome,
      error: new RequestError(status, code, joined(name, message), joined(name, place)),
    };
  });
}

function joined(...parts: string[]): string {
  return parts.filter(part => part !== '').join(': ');
}
