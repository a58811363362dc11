import type { Datatype, InputSpec, PressedManifest } from '../../lib/contract/manifest.ts';
import { closeShape } from '../../lib/contract/signature.ts';

/** The model that a request is made for. */
export type Subject = Pick<PressedManifest, 'name' | 'signature' | 'features'>;

export interface GoodInput {
  name: string;
  datatype: Datatype;
  shape: number[];
  data: unknown[];
}

/** Part of values that must not appear in a log. */
export const secret = 'SECRETVALUE';

/** Makes an input for the signature, with the given sizes of its open dimensions in order. */
export function goodInput(spec: InputSpec, sizes: readonly number[] = []): GoodInput {
  const left = [...sizes];
  const shape = closeShape(spec.shape ?? [-1], 1).map((size, axis) => {
    const declared = spec.shape?.[axis] ?? -1;
    const isOpen = typeof declared === 'string' || declared < 0;
    return isOpen ? (left.shift() ?? Math.max(1, spec.minShape[axis] ?? 1)) : size;
  });
  const count = shape.reduce((product, size) => product * size, 1);
  return {
    name: spec.name,
    datatype: spec.datatype,
    shape,
    data: Array.from({ length: count }, (_, index) => element(spec.datatype, index)),
  };
}

export function goodInputs({ signature }: Subject): GoodInput[] {
  return signature.inputs.map(spec => goodInput(spec));
}

/** Makes a record for the default score. */
export function goodRecord({ signature: { inputs }, features }: Subject): unknown {
  const [first] = inputs;
  if (features !== undefined) {
    return Object.fromEntries(features.map((name, index) => [name, element(first!.datatype, index)]));
  }
  return Object.fromEntries(inputs.map(spec => [spec.name, goodInput(spec).data]));
}

function element(datatype: Datatype, index: number): unknown {
  switch (datatype) {
    case 'BOOL':
      return index % 2 === 0;
    case 'BYTES':
      return `${secret} ${index}`;
    case 'FP16':
    case 'FP32':
    case 'FP64':
      return index / 4;
    default:
      return index % 3;
  }
}
