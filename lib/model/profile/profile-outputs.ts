import type { CountedTensor } from '../../contract/column-counter.ts';
import { engineNameOf, type Signature, type TensorSpec } from '../../contract/manifest.ts';
import type { Column } from '../../contract/profile.ts';
import { rowLayout } from '../../contract/row-layout.ts';
import { defaultOutputs, takesBatches } from '../../contract/signature.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { columnBuilder } from './column-builder.ts';
import { referenceCounter } from './count-reference.ts';
import { placeColumns } from './place-columns.ts';

/**
 * Returns the distributions of the outputs. Outputs whose rows differ in size, or that belong to a run as a whole,
 * such as the list of a detector, have none.
 */
export function profileOutputs(signature: Signature, answers: readonly ProbeTensor[][]): Column[] {
  const outputs = defaultOutputs(signature.outputs).filter(
    ({ rowAxis }) => rowAxis !== null || !takesBatches(signature),
  );
  return outputs.flatMap(spec => profileOutput(spec, answers));
}

function profileOutput(spec: TensorSpec, answers: readonly ProbeTensor[][]): Column[] {
  const tensors = answers.map((answer): CountedTensor => {
    const { data, dims } = answer.find(({ name }) => name === engineNameOf(spec))!;
    return { data, dims, rowAxis: spec.rowAxis };
  });
  const sizes = new Set(tensors.map(({ dims, rowAxis }) => rowLayout(dims, rowAxis).size));
  const [size = 0] = sizes;
  const names = spec.labels?.map(label => `${spec.name}[${label}]`);
  const placed = sizes.size === 1 ? (placeColumns(spec, size, names) ?? []) : [];
  const builders = placed.map(column => columnBuilder(column));
  for (const builder of builders) {
    tensors.forEach(builder.look);
  }
  const counter = referenceCounter(builders.map(builder => builder.build(tensors)));
  for (const tensor of tensors) {
    counter.count(new Map([[spec.name, tensor]]));
  }
  return counter.columns();
}
