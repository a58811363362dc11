import { ELEMENTS_INPUT } from '../contract/elements-input.ts';
import type { Signature } from '../contract/manifest.ts';
import type { ModelProto, ValueInfoProto } from './onnx_pb.ts';
import type { OnnxSignature, Value } from './outline-types.ts';
import type { Model } from './read.ts';
import { type DeclaredTensor, declareRows } from './rows/declared.ts';
import { datatypeOf, typeOf } from './types.ts';

/** What rewriting a model took out of it that its user still goes by. */
export interface Naming {
  /** Names of columns, by the output that has them. */
  labels?: ReadonlyMap<string, (string | number)[]>;
  /** Names of inputs and outputs that the engine knows by another, by that other. */
  names?: ReadonlyMap<string, string>;
}

/**
 * What the graph takes and gives. Inputs that have an initializer are constants with a default, not inputs; nor is the
 * one that packing adds.
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

/** What a model of either format takes and gives. */
export function modelSignature(model: Model): OnnxSignature {
  return model.format === 'ort' ? model.outline.signature : readSignature(model.proto);
}

/** A value as a packed model offers it; `undefined` for what is no tensor or has a type without a datatype. */
export function tensorSpec(value: Value, { labels, names }: Naming = {}): DeclaredTensor | undefined {
  const { type } = value;
  // An optional tensor is taken and given as the tensor; only its absence needs the option.
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
 * The signature of a packed model, its row axes as they are declared, and the values that have no place in one.
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
