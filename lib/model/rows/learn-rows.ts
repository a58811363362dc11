import { type Dimension, engineNameOf, type Rows, type Signature } from '../../contract/manifest.ts';
import { takesBatches } from '../../contract/signature.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { Vector } from '../press/prove.ts';
import type { Model } from '../read.ts';
import { candidateAxes, type RowAxes, withRows } from './declared.ts';
import { findMixing } from './mixing.ts';
import { proveRows, type RunModel } from './prove-rows.ts';
import { takeRecords } from './record-inputs.ts';

/** Which axes count records, and whether records are independent of each other. */
export interface LearntRows {
  signature: Signature;
  rows: Rows;
}

interface Evidence {
  /** What the model has answered. */
  vectors: readonly Vector[];
  tolerance: Tolerance;
}

interface LearnOptions extends Evidence {
  /** As the engine got it. */
  model: Model;
  /** As the model declares it. */
  signature: Signature;
  /** Shapes of outputs as the engine infers them, where it does. */
  inferred: ReadonlyMap<string, Dimension[]>;
  /** Whether the model gives the same answer to the same inputs again. */
  repeats: boolean;
}

/** Two that are compared, and one beside them. */
const recordCount = 3;

/**
 * Learns about rows by runs of the model and a look at its graph. Records are called independent only where both
 * agree. Of several axes that may count records, the first along which they are independent does; where there is none,
 * the likeliest along which the model takes them.
 */
export async function learnRows(run: RunModel, options: LearnOptions): Promise<LearntRows> {
  let likeliest: LearntRows | undefined;
  let declared: LearntRows | undefined;
  for (const axes of candidateAxes(options.signature.inputs)) {
    const { isAnswered, ...learnt } = await tryAxes(run, axes, options);
    if (learnt.rows.independent) {
      return learnt;
    }
    likeliest ??= isAnswered ? learnt : undefined;
    declared ??= learnt;
  }
  return likeliest ?? declared!;
}

async function tryAxes(
  run: RunModel,
  axes: RowAxes,
  options: LearnOptions,
): Promise<LearntRows & { isAnswered: boolean }> {
  const { model, repeats } = options;
  const declared = declare(options, axes);
  if (!takesBatches(declared)) {
    return { signature: declared, rows: alone('the model takes one record at a time'), isAnswered: false };
  }
  const seen = await seeRows(run, declared, options);
  if (seen.kind === 'refused') {
    return { signature: declared, rows: alone(`not proven: ${seen.reason}`), isAnswered: false };
  }
  const { inputs } = declared;
  const outputs = declared.outputs.map((spec, index) => ({ ...spec, rowAxis: seen.outputAxes[index]! }));
  const whole = outputs.find(({ rowAxis }) => rowAxis === null);
  const reason = !repeats
    ? 'the model answers differently each time'
    : whole !== undefined
      ? `output "${whole.name}" does not have one row for each record`
      : (seen.dependence ?? explainMixing(model, declared));
  return {
    signature: { inputs, outputs },
    rows: reason === undefined ? { independent: true } : alone(reason),
    isAnswered: true,
  };
}

/** Where the model leaves a shape open that the engine infers, rows are declared by the latter. */
function declare({ signature: { inputs, outputs }, inferred }: LearnOptions, axes: RowAxes): Signature {
  const known = outputs.map(spec => {
    const shape = inferred.get(engineNameOf(spec)) ?? [];
    // The engine's word for a scalar and for an open rank is the same.
    return shape.length === 0 ? spec : { ...spec, shape };
  });
  const declared = withRows(inputs, known, axes);
  return {
    ...declared,
    outputs: declared.outputs.map((spec, index) => ({ ...spec, shape: outputs[index]!.shape })),
  };
}

function alone(reason: string): Rows {
  return { independent: false, reason };
}

function seeRows(run: RunModel, signature: Signature, { vectors, tolerance }: Evidence) {
  const answered = vectors.map(({ inputs }) => inputs);
  return proveRows(run, signature, {
    records: takeRecords(signature.inputs, answered, recordCount),
    tolerance,
  });
}

function explainMixing(model: Model, { inputs }: Signature): string | undefined {
  if (model.format === 'ort') {
    return 'an ORT file cannot be checked for operators that combine records';
  }
  const operator = findMixing(model.proto, inputs);
  return operator && `${operator} computes with all records of a run together`;
}

/** Repeats the runs with another form of the same model. What it does not confirm is not claimed. */
export async function confirmRows(
  run: RunModel,
  learnt: LearntRows,
  evidence: Evidence,
): Promise<LearntRows> {
  if (!learnt.rows.independent) {
    return learnt;
  }
  const { signature } = learnt;
  const seen = await seeRows(run, signature, evidence);
  const isConfirmed =
    seen.kind === 'seen' &&
    seen.dependence === undefined &&
    signature.outputs.every(({ rowAxis }, index) => rowAxis === seen.outputAxes[index]);
  return isConfirmed ? learnt : { signature, rows: alone('the pressed model did not confirm it') };
}
