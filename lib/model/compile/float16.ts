import type { GraphProto, NodeProto } from '../onnx_pb.ts';
import { startFloat16Ways } from './float16-ways.ts';
import { type Input, operatorOf } from './node.ts';
import { type Known, type Slots, widenConstant } from './slots.ts';
import type { ValueType } from './value.ts';

/** The inputs of a node as its kernel receives them, and how its outputs are converted. */
export interface Reading {
  inputs: (Input | undefined)[];
  /** Slots of the inputs; -1 for an omitted one. */
  slots: number[];
  /** @param type - type of an output that the kernel returns */
  toValue(type: ValueType | undefined, slot: number): Known;
}

/** Converts nodes' inputs, with float16 handled like in ONNX Runtime. Nodes must be passed in execution order. */
export function startReading(
  graph: GraphProto,
  { slotOf, wideSlotOf, roundedSlotOf, cast }: Slots,
): (node: NodeProto, known: readonly (Known | undefined)[]) => Reading {
  const wayOf = startFloat16Ways(graph);
  const outputs = new Set(graph.output.map(({ name }) => name));

  /** Converts inputs for a float32 kernel. */
  const readWide = (
    known: readonly (Known | undefined)[],
    slotOfHalf: (value: Known) => number,
  ): Pick<Reading, 'inputs' | 'slots'> => ({
    inputs: known.map(value =>
      value?.type === 'float16'
        ? { type: 'float32', constant: value.constant && widenConstant(value.constant) }
        : value,
    ),
    slots: known.map(value =>
      value === undefined ? -1 : value.type === 'float16' ? slotOfHalf(value) : slotOf(value),
    ),
  });
  const plainValue: Reading['toValue'] = (type, slot) => ({ type, constant: undefined, slot });

  return (node, known) => {
    const halves = node.input.filter((_, index) => known[index]?.type === 'float16');
    const way = halves.length === 0 ? 'moves' : wayOf(node, halves);
    if (way === 'widens') {
      return {
        ...readWide(known, wideSlotOf),
        toValue: (type, slot) =>
          type === 'float32'
            ? { type: 'float16', constant: undefined, slot: undefined, wide: { slot, isComputed: true } }
            : plainValue(type, slot),
      };
    }
    if (way === 'rounds') {
      return {
        ...readWide(known, roundedSlotOf),
        toValue: (type, slot) =>
          type === 'float32' ? plainValue('float16', cast(slot, 'float16')) : plainValue(type, slot),
      };
    }
    const [first] = known;
    if (operatorOf(node) === 'Cast' && first?.wide?.isComputed && !outputs.has(node.input[0]!)) {
      // A value computed in float32 is cast from float32.
      return { ...readWide(known, wideSlotOf), toValue: plainValue };
    }
    return {
      inputs: [...known],
      slots: known.map(value => (value === undefined ? -1 : slotOf(value))),
      toValue: (type, slot) =>
        // A cast to float16 is also reversed if a float32 kernel follows.
        operatorOf(node) === 'Cast' && type === 'float16' && first?.type === 'float32'
          ? { type, constant: undefined, slot, wide: { slot: slotOf(first), isComputed: true } }
          : plainValue(type, slot),
    };
  };
}
