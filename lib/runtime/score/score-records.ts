import type { TensorSpec } from '../../manifest.ts';
import { RequestError } from '../errors.ts';
import type { Model } from '../open-model.ts';
import type { Score } from './define.ts';

/** What became of one record. */
export type Outcome = { ok: true; result: unknown } | { ok: false; error: RequestError };

export type ScoreRecords = (records: readonly unknown[]) => Promise<Outcome[]>;

/**
 * Scores records in as few runs as the model allows: all at once where its first dimension is a batch, else one by
 * one. A record that fails its schema fails alone. Outcomes come in the order of the records.
 */
export function recordScorer(model: Model, score: Score): ScoreRecords {
  const batched = model.signature.inputs.every(hasBatchDimension);

  async function run(rows: unknown[]): Promise<unknown[]> {
    const tensors = await score.encode(rows);
    const inputs = Object.entries(tensors).map(([name, tensor]) => ({ name, ...tensor }));
    const { outputs } = model.infer({ inputs });
    const results = await score.decode(Object.fromEntries(outputs.map(o => [o.name, o])), rows);
    if (results.length !== rows.length) {
      throw new Error(`decode gave ${results.length} results for ${rows.length} records`);
    }
    return results;
  }

  return async records => {
    const checked = await Promise.all(records.map((record, index) => validate(score, record, index)));
    const good = checked.flatMap((outcome, index) => (outcome.ok ? [{ index, row: outcome.result }] : []));
    const outcomes: Outcome[] = checked;
    const chunks = batched ? [good] : good.map(one => [one]);
    for (const chunk of chunks) {
      if (chunk.length > 0) {
        const results = await run(chunk.map(({ row }) => row));
        for (const [position, { index }] of chunk.entries()) {
          outcomes[index] = { ok: true, result: results[position] };
        }
      }
    }
    return outcomes;
  };
}

function hasBatchDimension(spec: TensorSpec): boolean {
  const first = spec.shape?.[0];
  return spec.shape === null || (first !== undefined && (typeof first === 'string' || first < 0));
}

async function validate(score: Score, record: unknown, index: number): Promise<Outcome> {
  if (score.record === undefined) {
    return { ok: true, result: record };
  }
  const checked = await score.record['~standard'].validate(record);
  if (checked.issues === undefined) {
    return { ok: true, result: checked.value };
  }
  const issues = checked.issues.map(issue => {
    const path = issue.path?.map(part => String(typeof part === 'object' ? part.key : part)).join('.');
    return path ? `${path}: ${issue.message}` : issue.message;
  });
  return { ok: false, error: new RequestError(422, 'RECORD', `record ${index}: ${issues.join('; ')}`) };
}
