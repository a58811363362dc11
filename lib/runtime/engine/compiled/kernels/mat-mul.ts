import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';
import { multiplyPlain } from '../matrix/multiply-plain.ts';
import { planProduct } from '../matrix/plan-product.ts';
import { prepareShared, type SharedMatrix, timesShared } from '../matrix/shared-matrix.ts';

type NumberTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

/** https://onnx.ai/onnx/operators/onnx__MatMul.html */
export const matMul: Kernel = (_, [, constant]) => {
  const right = constant as NumberTensor | undefined;
  const prepared =
    right?.type === 'float32' && right.dims.length === 2 && right.data.length > 0
      ? prepare(right)
      : undefined;
  return (a: NumberTensor, b: NumberTensor) => {
    const plan = planProduct('MatMul', a.dims, b.dims);
    const out = allocate('MatMul', a.type, plan.dims);
    if (prepared !== undefined) {
      timesShared(a.data, prepared, out);
    } else {
      for (const [index, { left, right: at }] of plan.products.entries()) {
        const { rows, depth, columns } = plan;
        const first = { data: a.data, offset: left * rows * depth, rowStride: depth, columnStride: 1 };
        const second = { data: b.data, offset: at * depth * columns, rowStride: columns, columnStride: 1 };
        multiplyPlain(first, second, plan, [out, index * rows * columns]);
      }
    }
    return [new EngineTensor(a.type, out, plan.dims)];
  };
};

function prepare({ data, dims: [depth, columns] }: NumberTensor): SharedMatrix {
  return prepareShared({
    data,
    depth: depth!,
    columns: columns!,
    offset: 0,
    rowStride: columns!,
    columnStride: 1,
  });
}
