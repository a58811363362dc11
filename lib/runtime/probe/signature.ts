import type { Datatype, Signature, TensorSpec } from '../../manifest.ts';
import { type BindingMetadata, tensorTypes } from '../engine/binding.ts';
import type { Session } from '../engine/onnxruntime.ts';
import { datatypes } from '../tensor/datatypes.ts';

/** The signature as the engine tells it, for a model that nothing else can read; what is no tensor is left out. */
export function engineSignature(session: Session): Signature {
  const { inputs, outputs } = session.metadata();
  return { inputs: inputs.flatMap(toSpec), outputs: outputs.flatMap(toSpec) };
}

function toSpec({ name, isTensor, type, shape, symbolicDimensions }: BindingMetadata): TensorSpec[] {
  const names = Object.keys(datatypes) as Datatype[];
  const datatype = isTensor ? names.find(candidate => datatypes[candidate].engine === tensorTypes[type]) : undefined;
  if (datatype === undefined) {
    return [];
  }
  return [{ name, datatype, shape: shape.map((size, axis) => (size >= 0 ? size : symbolicDimensions[axis] || -1)) }];
}
