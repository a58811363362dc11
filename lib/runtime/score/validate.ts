import type { StandardSchemaV1 } from '@standard-schema/spec';
import { RequestError } from '../errors.ts';
import type { Score } from './define.ts';
import { failed, type Outcome } from './outcome.ts';

/** Checks one record by the score's schema; the result is what the schema made of it. */
export function validate(score: Score, record: unknown): Outcome | Promise<Outcome> {
  if (score.record === undefined) {
    return { ok: true, result: record };
  }
  try {
    const checked = score.record['~standard'].validate(record);
    return checked instanceof Promise ? checked.then(toOutcome, failed) : toOutcome(checked);
  } catch (error) {
    return failed(error);
  }
}

function toOutcome(checked: StandardSchemaV1.Result<unknown>): Outcome {
  if (checked.issues === undefined) {
    return { ok: true, result: checked.value };
  }
  const places = checked.issues.map(({ path = [] }) =>
    path.map(part => String(typeof part === 'object' ? part.key : part)).join('.'),
  );
  const issues = checked.issues.map(({ message }, index) =>
    places[index] === '' ? message : `${places[index]}: ${message}`,
  );
  const known = places.filter(place => place !== '');
  return failed(new RequestError(422, 'RECORD', issues.join('; '), known.join('; ')));
}
