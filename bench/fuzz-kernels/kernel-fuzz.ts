import type { TensorType } from '../../lib/contract/tensor-data.ts';
import type { Attributes } from '../../test/model/build-model.ts';

/** An operand: an input of the request, unless it is a constant of the model. */
export interface Operand {
  type: TensorType;
  dims: number[];
  data: number[];
  isConstant?: boolean;
}

export interface Case {
  attributes?: Attributes;
  /** By position; `undefined` for one that is left out. */
  operands: (Operand | undefined)[];
}

/** How to use one operator: well, at the edge, and against its specification. */
export interface KernelFuzz {
  operator: string;
  opsets: number[];
  output?: TensorType;
  /** How many outputs it has before the one that is looked at. */
  skipped?: number;
  /** How many it must have behind it. */
  more?: number;
  /** Whether every element of its output is one of the first operand's, or a constant that the case names. */
  copies?: true;
  make(random: Random, opset: number): Case;
}

export type Random = ReturnType<typeof startRandom>;

export function startRandom(next: () => number) {
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const chance = (share: number) => next() < share;
  /** A dimension, sometimes 0, now and then large. */
  const size = () => (chance(0.1) ? 0 : chance(0.05) ? 40 : 1 + below(5));
  const sizes = (rank: number) => Array.from({ length: rank }, size);
  /** An index of an axis: mostly in range, else on either side of it, near and far. */
  const index = (length: number) =>
    chance(0.8) && length > 0
      ? below(2 * length) - length
      : pick([
          length,
          length + 1,
          -length - 1,
          -length - 7,
          1000,
          -1000,
          2 ** 31 - 1,
          -(2 ** 31),
          2 ** 40,
          -(2 ** 62),
        ]);
  const list = (length: number, make: () => number) => Array.from({ length }, make);
  const count = (dims: number[]) => dims.reduce((product, one) => product * one, 1);
  /** Data from 1 up, so that an element tells where it is from. */
  const data = (dims: number[], type: TensorType = 'float32'): Operand => ({
    type,
    dims,
    data: Array.from({ length: count(dims) }, (_, at) => 1 + (at % 120)),
  });
  const floats = (dims: number[], make: () => number = () => next() * 4 - 2): Operand => ({
    type: 'float32',
    dims,
    data: list(count(dims), make),
  });
  const integers = (dims: number[], make: () => number, type: TensorType = 'int64'): Operand => ({
    type,
    dims,
    data: list(count(dims), make),
  });
  const constant = (operand: Operand): Operand => ({ ...operand, isConstant: true });
  const maybeConstant = (operand: Operand): Operand => (chance(0.4) ? constant(operand) : operand);
  return {
    next,
    below,
    pick,
    chance,
    size,
    sizes,
    index,
    list,
    count,
    data,
    floats,
    integers,
    constant,
    maybeConstant,
  };
}
