import type { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';
import { concatenate } from './concat.ts';
import { stack } from './control/stack.ts';

/** https://onnx.ai/onnx/operators/onnx__SequenceConstruct.html */
export const sequenceConstruct: Kernel =
  () =>
  (...items: EngineTensor[]) => [items];

/** https://onnx.ai/onnx/operators/onnx__SequenceAt.html */
export const sequenceAt: Kernel = () => (items: EngineTensor[], position: EngineTensor) => {
  const index = Number(position.data[0]);
  const item = items.at(index);
  if (item === undefined) {
    throw new Error(`SequenceAt: position ${index} is out of range, [${-items.length}, ${items.length})`);
  }
  return [item];
};

/** https://onnx.ai/onnx/operators/onnx__ConcatFromSequence.html */
export const concatFromSequence: Kernel<{ axis: number; isNew: boolean }> =
  ({ axis, isNew }) =>
  (items: EngineTensor[]) => {
    if (items.length === 0) {
      throw new Error('ConcatFromSequence: the sequence is empty');
    }
    return [
      isNew
        ? stack('ConcatFromSequence', items, { axis, type: items[0]!.type })
        : concatenate('ConcatFromSequence', items, axis),
    ];
  };
