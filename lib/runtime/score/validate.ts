import type { StandardSchemaV1 } from '@standard-schema/spec';
import { plainIssue } from '../../contract/issue-words.ts';
import { RequestError, shorten } from '../errors.ts';
import type { Score } from './define.ts';
import { checkJsonValue } from './json-value.ts';
import { failed, type Outcome } from './outcome.ts';

/** Maximum characters of an issue, because schemas quote the value at any length. */
const issueLength = 200;
const mostIssues = 5;

/** Checks one record with the score's schema; the result is the schema's output. */
export function validate(score: Score, record: unknown): Outcome | Promise<Outcome> {
  try {
    checkJsonValue(record);
    if (score.record === undefined) {
      return { ok: true, result: record };
    }
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
  const reported = checked.issues.slice(0, mostIssues);
  const places = reported.map(({ path = [] }) =>
    shorten(path.map(part => String(typeof part === 'object' ? part.key : part)).join('.'), issueLength),
  );
  const issues = reported.map(({ message }, index) => {
    const issue = shorten(plainIssue(message), issueLength);
    return places[index] === '' ? issue : `${places[index]}: ${issue}`;
  });
  const { length } = checked.issues;
  if (length > mostIssues) {
    issues.push(`and ${length - mostIssues} more`);
  }
  const known = places.filter(place => place !== '');
  return failed(new RequestError(422, 'RECORD', issues.join('; '), known.join('; ')));
}
