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
  /** By position; `undefined` for an omitted one. */
  operands: (Operand | undefined)[];
}

/** Generates uses of one operator: valid ones, edge cases, and violations of its specification. */
export interface KernelFuzz {
  operator: string;
  opsets: number[];
  output?: TensorType;
  /** Number of outputs before the one that is checked. */
  skipped?: number;
  /** Number of outputs that it must have after it. */
  more?: number;
  /** Whether every element of its output must be one of the first operand's, or a constant that the case names. */
  copies?: true;
  make(random: Random, opset: number): Case;
}

export type Random = ReturnType<typeof startRandom>;

export function startRandom(next: () => number) {
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const chance = (share: number) => next() < share;
  /** A dimension, sometimes 0, occasionally large. */
  const size = () => (chance(0.1) ? 0 : chance(0.05) ? 40 : 1 + below(5));
  const sizes = (rank: number) => Array.from({ length: rank }, size);
  /** An index of an axis: mostly in range, otherwise near or far on either side of it. */
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
  /** Numbers from 1 up, so that each element identifies its origin. */
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
