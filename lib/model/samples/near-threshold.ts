import { getAttribute } from '../attributes.ts';
import type { NodeProto } from '../onnx_pb.ts';
import type { Model } from '../read.ts';
import type { CauseOf } from './differ.ts';
import type { Samples } from './types.ts';

/** Finds why the answers of an exported model differ from those of the framework that trained it. */
export function exportCause(model: Model): CauseOf {
  return (samples, { worst }) => {
    const row = worst?.row ?? 0;
    const near = nearThreshold(model, samples, row);
    return near === undefined
      ? 'The export computes otherwise than the framework that made the samples.'
      : `Row ${row + 1} has ${near.value} in column "${near.column}", which in float32 equals a threshold of a tree: ` +
          'the framework compared in float64. Train on float32 values (X.astype("float32")), and export again.';
  };
}

/** A value that rounds to exactly the threshold that a tree compares it with. */
interface NearThreshold {
  /** The column's name, or its index if it has no name. */
  column: string;
  value: number;
}

/**
 * Returns the first value of a row that equals a tree's threshold in float32. The framework compared in float64, where
 * the value was above or below: rounding both sends the row down the other branch.
 */
function nearThreshold(model: Model, samples: Samples, row: number): NearThreshold | undefined {
  const [input, ...others] = samples.inputs;
  if (input === undefined || others.length > 0 || input.dims.length !== 2 || input.type !== 'float32') {
    return undefined;
  }
  const columns = input.dims[1]!;
  const values = Array.from({ length: columns }, (_, column) => Number(input.data[row * columns + column]));
  for (const node of model.format === 'onnx' ? (model.proto.graph?.node ?? []) : []) {
    for (const { column, threshold } of node.input[0] === input.name ? thresholdsOf(node) : []) {
      if (Math.fround(threshold) === values[column]) {
        return { column: samples.features?.[column] ?? String(column), value: values[column] };
      }
    }
  }
  return undefined;
}

function thresholdsOf(node: NodeProto): { column: number; threshold: number }[] {
  const columns = getAttribute(node, 'nodes_featureids')?.ints ?? [];
  const thresholds = getAttribute(node, 'nodes_values')?.floats ?? [];
  const modes = getAttribute(node, 'nodes_modes')?.strings ?? [];
  return columns.flatMap((column, index) =>
    Buffer.from(modes[index] ?? []).toString() === 'LEAF'
      ? []
      : [{ column: Number(column), threshold: thresholds[index] ?? Number.NaN }],
  );
}
