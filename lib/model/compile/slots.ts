import { fromFloat16Bits } from '../../contract/float16.ts';
import type { Graph, Step } from '../../contract/program.ts';
import type { TensorType } from '../../contract/tensor-data.ts';
import type { Input } from './node.ts';
import type { ConstantValue } from './value.ts';

/** A value of a graph: where it is, what is known of it. */
export interface Known extends Input {
  /** `undefined` for a constant, and for a float16 that is there as float32 alone, until something reads it as it is. */
  slot: number | undefined;
  /** Where a float16 is as float32, and whether it was computed so: then it was never rounded. */
  wide?: { slot: number; isComputed: boolean };
}

export type Slots = ReturnType<typeof startSlots>;

/** The slots of a graph that is being lowered, with the steps that fill them. */
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
    /** The slot of a value as it is. */
    slotOf,
    /** The slot of a float16 as float32. */
    wideSlotOf,
    /** The same, rounded to float16 before. */
    roundedSlotOf: (known: Known) =>
      known.wide?.isComputed ? cast(slotOf(known), 'float32') : wideSlotOf(known),
    count: () => count,
  };
}

const widened = new WeakMap<ConstantValue, ConstantValue>();

/** A constant of float16 as float32, which holds all of its values. Of one constant it is always the same. */
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
