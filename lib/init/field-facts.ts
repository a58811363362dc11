import type { SampleRecord } from '../contract/sample-records.ts';
import type { FieldFacts } from './project.ts';

/** Text with more distinct values than this is not treated as a category. */
const mostChoices = 12;

/** The range or choices of each field's values, over all records. */
export function fieldFacts(records: readonly SampleRecord[]): Map<string, FieldFacts> {
  const names = Object.keys(records[0]?.record ?? {});
  return new Map(
    names.flatMap(name => {
      const values = records.map(({ record }) => record[name]).filter(value => (value ?? null) !== null);
      const facts = factsOf(values);
      return facts === undefined ? [] : [[name, facts] as const];
    }),
  );
}

function factsOf(values: readonly unknown[]): FieldFacts | undefined {
  if (values.length === 0) {
    return undefined;
  }
  if (values.every(value => typeof value === 'number')) {
    const least = values.reduce((a, b) => Math.min(a, b));
    return { kind: 'range', least, greatest: values.reduce((a, b) => Math.max(a, b)) };
  }
  const choices = [...new Set(values)];
  return choices.length <= mostChoices && choices.every(value => typeof value === 'string')
    ? { kind: 'choices', values: choices.sort() }
    : undefined;
}
