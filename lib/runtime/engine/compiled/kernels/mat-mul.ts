import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';
import { multiplyPlain } from '../matrix/multiply-plain.ts';
import { multiplyRounded } from '../matrix/multiply-rounded.ts';
import { type ProductPlan, planProduct } from '../matrix/plan-product.ts';
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
      const multiply = a.type === 'float32' ? multiplyRounded : multiplyPlain;
      const { rows, depth, columns, products } = asMultiplied(plan, b.dims.length);
      for (const [index, { left, right: at }] of products.entries()) {
        const first = { data: a.data, offset: left * rows * depth, rowStride: depth, columnStride: 1 };
        const second = { data: b.data, offset: at * depth * columns, rowStride: columns, columnStride: 1 };
        multiply(first, second, { rows, depth, columns }, [out, index * rows * columns]);
      }
    }
    return [new EngineTensor(a.type, out, plan.dims)];
  };
};

/** ONNX Runtime multiplies the rows on the left one by one by a vector, and all together by a single matrix. */
function asMultiplied(plan: ProductPlan, rank: number): ProductPlan {
  const { rows, products } = plan;
  const count = rows * products.length;
  if (rank === 1) {
    return { ...plan, rows: 1, products: Array.from({ length: count }, (_, left) => ({ left, right: 0 })) };
  }
  const isOne = products.length > 1 && products.every(({ left, right }, at) => right === 0 && left === at);
  return isOne ? { ...plan, rows: count, products: [{ left: 0, right: 0 }] } : plan;
}

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
