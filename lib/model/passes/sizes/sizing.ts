import { defaultElements } from '../../../contract/elements-input.ts';
import type { NodeList } from '../../nodes.ts';
import { type NodeProto, TensorProto_DataType as Type } from '../../onnx_pb.ts';
import type { Scope } from '../../scope.ts';

/** How many elements an operator makes, or iterations it runs, if the elements of an input decide that. */
export interface Sizing {
  operators: string[];
  /** The inputs that decide; the first of them is held back until the count is known to be small. */
  inputs: number[];
  /** Adds nodes that compute the count as one FLOAT, in which no product overflows. */
  count(node: NodeProto, counting: Counting, scope: Scope): string;
  /** @default the limit of the function, by the input `ELEMENTS_INPUT` */
  limit?: number;
  /** @default 'elements' */
  unit?: 'turns';
}

/** 256 MB of FLOAT, for bodies of the model's own functions, which cannot read the limit of the deployed function. */
export const MAX_ELEMENTS = defaultElements;
/** An iteration of the simplest loop takes about 5 µs. */
export const MAX_TURNS = 100_000;

export type Counting = ReturnType<typeof startCounting>;

/** Starts arithmetic on sizes, as nodes of the model. */
export function startCounting(list: NodeList, opset: number) {
  const float = (value: string) => list.cast(value, Type.FLOAT);
  const binary = (operator: string) => (left: string, right: string) => list.add(operator, [left, right]);
  const shape = (value: string) => list.add('Shape', [value]);
  const product = (floats: string) => list.add('ReduceProd', [floats], { keepdims: 0 });
  return {
    ...list,
    opset,
    /** Adds a constant. */
    number: list.float,
    /** Multiplies the elements of an integer tensor; for a shape, this is its element count. */
    product,
    float,
    shape,
    size: (value: string) => float(list.add('Size', [value])),
    /** Returns the sizes of some dimensions of a value, as FLOAT. */
    dims: (value: string, axes: string) => float(list.add('Gather', [shape(value), axes], { axis: 0 })),
    addition: binary('Add'),
    difference: binary('Sub'),
    times: binary('Mul'),
    ratio: binary('Div'),
    max: binary('Max'),
  };
}
