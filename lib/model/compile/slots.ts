import { fromFloat16Bits } from '../../contract/float16.ts';
import type { Graph, Step } from '../../contract/program.ts';
import type { TensorType } from '../../contract/tensor-data.ts';
import type { Input } from './node.ts';
import type { ConstantValue } from './value.ts';

/** A value of a graph: its slot and the facts known about it. */
export interface Known extends Input {
  /** `undefined` for a constant, and for a float16 that only exists as float32, until a step reads it unconverted. */
  slot: number | undefined;
  /** Slot of a float16 as float32. `isComputed`: the value was computed in float32 and never rounded. */
  wide?: { slot: number; isComputed: boolean };
}

export type Slots = ReturnType<typeof startSlots>;

/** The slots of a graph while it is lowered, with the steps that fill them. */
export function startSlots(addConstant: (value: ConstantValue) => number) {
  const constants: Graph['constants'] = [];
  const steps: Step[] = [];
  let count = 0;

  const take = () => count++;
  const place = (constant: ConstantValue): number => {
    const slot = take();
    constants.push([slot, addConstant(constant)]);
    return slot;
  };
  const cast = (from: number, to: TensorType): number => {
    const slot = take();
    steps.push({ kernel: 'cast', inputs: [from], outputs: [slot], parameters: { to }, release: [] });
    return slot;
  };
  const slotOf = (known: Known): number => {
    known.slot ??= known.constant ? place(known.constant) : cast(known.wide!.slot, 'float16');
    return known.slot;
  };
  const wideSlotOf = (known: Known): number => {
    const { constant } = known;
    known.wide ??= {
      slot: constant === undefined ? cast(slotOf(known), 'float32') : place(widenConstant(constant)),
      isComputed: false,
    };
    return known.wide.slot;
  };
  return {
    constants,
    steps,
    take,
    cast,
    /** Returns the slot of a value in its own type. */
    slotOf,
    /** Returns the slot of a float16 as float32. */
    wideSlotOf,
    /** Like `wideSlotOf`, but rounded to float16 first. */
    roundedSlotOf: (known: Known) =>
      known.wide?.isComputed ? cast(slotOf(known), 'float32') : wideSlotOf(known),
    count: () => count,
  };
}

const widened = new WeakMap<ConstantValue, ConstantValue>();

/** Converts a float16 constant to float32, which is exact. The same constant always gives the same result. */
export function widenConstant(constant: ConstantValue): ConstantValue {
  const { dims, data } = constant;
  const wide: ConstantValue = widened.get(constant) ?? {
    type: 'float32',
    dims,
    data: Float32Array.from(data as Uint16Array, fromFloat16Bits),
  };
  widened.set(constant, wide);
  return wide;
}
