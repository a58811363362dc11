import type { GraphProto, NodeProto } from '../onnx_pb.ts';
import { startFloat16Ways } from './float16-ways.ts';
import { type Input, operatorOf } from './node.ts';
import { type Known, type Slots, widenConstant } from './slots.ts';
import type { ValueType } from './value.ts';

/** The inputs of a node as its kernel gets them, and what becomes of its outputs. */
export interface Reading {
  inputs: (Input | undefined)[];
  /** -1 for one that is left out. */
  slots: number[];
  /** @param type - of an output, as the kernel returns it */
  toValue(type: ValueType | undefined, slot: number): Known;
}

/** Reads what nodes of a graph read, float16 as ONNX Runtime does. Nodes come in the order in which they run. */
export function startReading(
  graph: GraphProto,
  { slotOf, wideSlotOf, roundedSlotOf, cast }: Slots,
): (node: NodeProto, known: readonly (Known | undefined)[]) => Reading {
  const wayOf = startFloat16Ways(graph);
  const outputs = new Set(graph.output.map(({ name }) => name));

  /** As a kernel for float32 reads it. */
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
      // What was computed in float32 is cast from there.
      return { ...readWide(known, wideSlotOf), toValue: plainValue };
    }
    return {
      inputs: [...known],
      slots: known.map(value => (value === undefined ? -1 : slotOf(value))),
      toValue: (type, slot) =>
        // A cast to float16 is undone as well, where a kernel for float32 follows.
        operatorOf(node) === 'Cast' && type === 'float16' && first?.type === 'float32'
          ? { type, constant: undefined, slot, wide: { slot: slotOf(first), isComputed: true } }
          : plainValue(type, slot),
    };
  };
}
