import { ELEMENTS_INPUT } from '../contract/elements-input.ts';
import type { Signature } from '../contract/manifest.ts';
import type { ModelProto, ValueInfoProto } from './onnx_pb.ts';
import type { OnnxSignature, Value } from './outline-types.ts';
import type { Model } from './read.ts';
import { type DeclaredTensor, declareRows } from './rows/declared.ts';
import { datatypeOf, typeOf } from './types.ts';

/** Names that rewriting a model removed but its users still need. */
export interface Naming {
  /** Names of columns, by output. */
  labels?: ReadonlyMap<string, (string | number)[]>;
  /** Original names of inputs and outputs, by the names that the engine uses. */
  names?: ReadonlyMap<string, string>;
}

/**
 * Reads the inputs and outputs of a graph. Inputs with an initializer are constants with a default, not inputs; nor is
 * the one that packing adds.
 */
export function readSignature({ graph }: ModelProto): OnnxSignature {
  const initialized = new Set([
    ELEMENTS_INPUT,
    ...(graph?.initializer ?? []).map(tensor => tensor.name),
    ...(graph?.sparseInitializer ?? []).map(tensor => tensor.values?.name),
  ]);
  const value = (info: ValueInfoProto): Value => ({ name: info.name, type: typeOf(info.type) });
  return {
    inputs: (graph?.input ?? []).filter(input => !initialized.has(input.name)).map(value),
    outputs: (graph?.output ?? []).map(value),
  };
}

/** The inputs and outputs of a model in either format. */
export function modelSignature(model: Model): OnnxSignature {
  return model.format === 'ort' ? model.outline.signature : readSignature(model.proto);
}

/** Describes a value of a packed model; `undefined` if it is not a tensor or its type has no datatype. */
export function tensorSpec(value: Value, { labels, names }: Naming = {}): DeclaredTensor | undefined {
  const { type } = value;
  // An optional tensor is treated as the tensor; only leaving it out would need the option.
  const tensor = type.kind === 'optional' ? type.element : type;
  if (tensor.kind !== 'tensor') {
    return undefined;
  }
  const datatype = datatypeOf(tensor.element);
  if (datatype === undefined) {
    return undefined;
  }
  const name = names?.get(value.name) ?? value.name;
  const columns = labels?.get(name);
  return {
    name,
    ...(name === value.name ? {} : { engineName: value.name }),
    datatype,
    shape: tensor.shape,
    ...(columns === undefined ? {} : { labels: columns }),
  };
}

/**
 * Returns the signature of a packed model, with the declared row axes, and the values that a signature cannot contain.
 */
export function toManifestSignature(
  signature: OnnxSignature,
  naming: Naming = {},
): { signature: Signature; unsupported: { role: 'input' | 'output'; value: Value }[] } {
  const unsupported: { role: 'input' | 'output'; value: Value }[] = [];
  const specs = (role: 'input' | 'output', values: Value[]) =>
    values.flatMap(value => {
      const spec = tensorSpec(value, naming);
      if (spec === undefined) {
        unsupported.push({ role, value });
      }
      return spec ?? [];
    });
  const inputs = specs('input', signature.inputs);
  const outputs = specs('output', signature.outputs);
  return { signature: declareRows(inputs, outputs), unsupported };
}
