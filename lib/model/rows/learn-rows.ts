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
  /** The model's answers so far. */
  vectors: readonly Vector[];
  tolerance: Tolerance;
}

interface LearnOptions extends Evidence {
  /** The model as the engine received it. */
  model: Model;
  /** The declared signature. */
  signature: Signature;
  /** Shapes of outputs that the engine infers. */
  inferred: ReadonlyMap<string, Dimension[]>;
  /** Whether the model answers the same inputs the same way again. */
  repeats: boolean;
}

/** Two records that are compared, and one to put next to them. */
const recordCount = 3;

/**
 * Learns about rows by running the model and by reading its graph. Records count as independent only if both agree.
 * If several axes may count records, the first along which they are independent is chosen, or else the likeliest one
 * that the model accepts.
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
    return { signature: declared, rows: alone('the model runs one record at a time'), isAnswered: false };
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

/** Declares rows with the shapes that the engine infers, if the model leaves them open. */
function declare({ signature: { inputs, outputs }, inferred }: LearnOptions, axes: RowAxes): Signature {
  const known = outputs.map(spec => {
    const shape = inferred.get(engineNameOf(spec)) ?? [];
    // The engine reports a scalar and an open rank in the same way.
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

/** Repeats the runs with another form of the same model, and drops claims that they do not confirm. */
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
