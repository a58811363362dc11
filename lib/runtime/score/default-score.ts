import type { PressedManifest } from '../../contract/manifest.ts';
import { RequestError } from '../errors.ts';
import type { Score } from './define.ts';
import { type Row, readRecord } from './read-record.ts';
import { stack } from './stack.ts';
import { toResults } from './to-results.ts';

/**
 * The score of a model without a `score.ts`. A record is an object with a value for every input (its shape without the
 * row axis, nested or flat); for a model with one input, also just that value, or an object of named features if the
 * manifest knows their order. A result has a value for every computed output, without its row axis, keyed by label if
 * the model has labels.
 */
export function defaultScore(
  manifest: Pick<PressedManifest, 'signature' | 'features'>,
): Score<Row> & { returnsOutputs: true } {
  const { inputs, outputs: all } = manifest.signature;
  return {
    returnsOutputs: true,
    record: {
      '~standard': { version: 1, vendor: 'coldpress', validate: value => check(value, manifest) },
    },
    encode: rows =>
      Object.fromEntries(
        inputs.filter(spec => rows[0]!.has(spec.name)).map(spec => [spec.name, stack(spec, rows)]),
      ),
    decode: (results, rows) => {
      const outputs = all.filter(({ name }) => Object.hasOwn(results, name));
      const columns = outputs.map(spec => toResults(spec, results[spec.name]!, rows.length));
      return rows.map((_, row) =>
        Object.fromEntries(outputs.map(({ name }, column) => [name, columns[column]![row]])),
      );
    },
  };
}

/** @throws RequestError 422 */
function check(value: unknown, manifest: Pick<PressedManifest, 'signature' | 'features'>) {
  try {
    return { value: readRecord(value, manifest) };
  } catch (error) {
    if (error instanceof RequestError) {
      throw new RequestError(422, 'RECORD', error.message, error.place);
    }
    throw error;
  }
}
