import type { Signature } from '../../contract/manifest.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { compareOutputs } from '../press/compare.ts';
import { describeFailure, type EngineResult } from '../press/engine-process.ts';
import { extremesOf, joinRecords, type RecordInputs, slice } from './record-inputs.ts';

/** Runs the model and returns all outputs in the order of the signature. */
export type RunModel = (inputs: ProbeTensor[]) => Promise<EngineResult>;

/** The result of runs with several records. */
export type RowsSeen =
  /** The model did not answer; `reason` explains why. */
  | { kind: 'refused'; reason: string }
  | {
      kind: 'seen';
      /** The axis along which each output grows with the number of records; `null` if there is none. */
      outputAxes: (number | null)[];
      /** Why the answer to one record may depend on the others of its run; `undefined` if it does not. */
      dependence: string | undefined;
    };

interface Run {
  records: RecordInputs[];
  outputs: ProbeTensor[];
}

/** Slower models, per record, gain nothing from sharing runs, and the proof would take too long. */
const slowMs = 300;
/** Slower models, per record, are only tried with two other records. */
const shortMs = 50;

/**
 * Runs records alone, together, in another order and next to others, in runs of one, two and three. Between runs of the
 * same size a record must keep its answer bit for bit, because only the other records differ. Between runs of different
 * sizes kernels add numbers in another order, so those answers are compared by tolerance.
 * @param records - two that are compared, and optionally one that is put between them
 */
export async function proveRows(
  model: RunModel,
  { inputs, outputs }: Signature,
  { records: [first, second, third], tolerance }: { records: RecordInputs[]; tolerance: Tolerance },
): Promise<RowsSeen> {
  if (first === undefined || second === undefined) {
    return { kind: 'refused', reason: 'there are not two different records to run' };
  }
  const runs: Run[] = [];
  let slowestMs = 0;
  const run = async (...records: RecordInputs[]) => {
    const result = await model(joinRecords(inputs, records));
    if (result.kind === 'answered') {
      runs.push({ records, outputs: result.tensors });
      slowestMs = Math.max(slowestMs, result.ms / records.length);
    }
    return result;
  };
  for (const records of [[first], [second], [first, second], [second, first]]) {
    const result = await run(...records);
    if (result.kind !== 'answered') {
      return { kind: 'refused', reason: describeFailure(result) };
    }
  }
  const others = [...(third === undefined ? [] : [third]), ...extremesOf(inputs, second)];
  let answeredTogether = 0;
  for (const other of slowestMs < shortMs ? others : others.slice(0, 2)) {
    if (slowestMs >= slowMs) {
      break;
    }
    // The model may reject an extreme, because no real record has such values: an index out of range.
    answeredTogether += (await run(first, other, second)).kind === 'answered' ? 1 : 0;
  }
  const outputAxes = outputs.map((_, index) => growingAxis(runs, index));
  if (answeredTogether < 2) {
    return {
      kind: 'seen',
      outputAxes,
      dependence: 'not proven: too few runs of several records were answered',
    };
  }
  const dependent = outputs.find(
    (_, index) => outputAxes[index] !== null && !keepsAnswers(partsOf(index, outputAxes[index]!)),
  );
  const dependence =
    dependent && `a record's part of output "${dependent.name}" depends on the other records of its run`;
  return { kind: 'seen', outputAxes, dependence };

  /** Returns what each run answers for the first record and for the second. */
  function partsOf(index: number, axis: number): Part[] {
    return runs.flatMap(({ records, outputs }) =>
      [first, second].flatMap(record => {
        const row = records.indexOf(record!);
        return row === -1
          ? []
          : { record: record!, size: records.length, tensor: slice(outputs[index]!, axis, row, row + 1) };
      }),
    );
  }

  function keepsAnswers(parts: Part[]): boolean {
    return parts.every(({ record, size, tensor }) => {
      const others = parts.filter(other => other.record === record);
      const alone = others.find(other => other.size === 1)!;
      const [alike] = others.filter(other => other.size === size);
      return (
        compareOutputs([alone.tensor], [tensor], tolerance) === undefined &&
        (size < 3 || isEqual(alike!.tensor, tensor))
      );
    });
  }
}

interface Part {
  record: RecordInputs;
  /** Number of records in its run. */
  size: number;
  tensor: ProbeTensor;
}

/** Returns the only axis whose size equals the number of records, if all other dimensions are constant. */
function growingAxis(runs: readonly Run[], index: number): number | null {
  const dims = runs.map(({ outputs }) => outputs[index]!.dims);
  const axes = [...dims[0]!.keys()].filter(axis =>
    runs.every(({ records }, run) => `${dims[run]}` === `${dims[0]!.with(axis, records.length)}`),
  );
  return axes[0] ?? null;
}

function isEqual({ data: a }: ProbeTensor, { data: b }: ProbeTensor): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return JSON.stringify(a) === JSON.stringify(b);
  }
  const bytes = ({ buffer, byteOffset, byteLength }: typeof a) => Buffer.from(buffer, byteOffset, byteLength);
  return bytes(a).equals(bytes(b));
}
