import type { Signature, TensorSpec } from '../manifest.ts';
import type { ModelProto, ValueInfoProto } from './onnx_pb.ts';
import type { Model } from './read.ts';
import { datatypeOf, type OnnxType, typeOf } from './types.ts';

export interface Value {
  name: string;
  type: OnnxType;
}

export interface OnnxSignature {
  inputs: Value[];
  outputs: Value[];
}

/** Names of columns by the name of the output that has them. */
export type Labels = ReadonlyMap<string, (string | number)[]>;

/** What the graph takes and gives. Inputs that have an initializer are constants with a default, not inputs. */
export function readSignature({ graph }: ModelProto): OnnxSignature {
  const initialized = new Set([
    ...(graph?.initializer ?? []).map(tensor => tensor.name),
    ...(graph?.sparseInitializer ?? []).map(tensor => tensor.values?.name),
  ]);
  const value = (info: ValueInfoProto): Value => ({ name: info.name, type: typeOf(info.type) });
  return {
    inputs: (graph?.input ?? []).filter(input => !initialized.has(input.name)).map(value),
    outputs: (graph?.output ?? []).map(value),
  };
}

/** What a model of either format takes and gives. */
export function modelSignature(model: Model): OnnxSignature {
  return model.format === 'ort' ? model.outline.signature : readSignature(model.proto);
}

/** A value as a packed model offers it; `undefined` for what is no tensor or has a type without a datatype. */
export function tensorSpec({ name, type }: Value, labels?: Labels): TensorSpec | undefined {
  // An optional tensor is taken and given as the tensor; only its absence needs the option.
  const tensor = type.kind === 'optional' ? type.element : type;
  if (tensor.kind !== 'tensor') {
    return undefined;
  }
  const datatype = datatypeOf(tensor.element);
  if (datatype === undefined) {
    return undefined;
  }
  const columns = labels?.get(name);
  return { name, datatype, shape: tensor.shape, ...(columns === undefined ? {} : { labels: columns }) };
}

/** The signature of a packed model, and the values that have no place in one. */
export function toManifestSignature(
  signature: OnnxSignature,
  labels?: Labels,
): { signature: Signature; unsupported: { role: 'input' | 'output'; value: Value }[] } {
  const unsupported: { role: 'input' | 'output'; value: Value }[] = [];
  const specs = (role: 'input' | 'output', values: Value[]) =>
    values.flatMap(value => {
      const spec = tensorSpec(value, labels);
      if (spec === undefined) {
        unsupported.push({ role, value });
      }
      return spec ?? [];
    });
  const inputs = specs('input', signature.inputs);
  const outputs = specs('output', signature.outputs);
  return { signature: { inputs, outputs }, unsupported };
}
