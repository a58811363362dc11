import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';
import { multiplyPlain } from '../matrix/multiply-plain.ts';
import { planProduct } from '../matrix/plan-product.ts';

type ByteTensor = EngineTensor & { data: Uint8Array };

/** https://onnx.ai/onnx/operators/onnx__MatMulInteger.html: sums of products of bytes are exact in a double. */
export const matMulInteger: Kernel =
  () => (a: ByteTensor, b: ByteTensor, aZero: ByteTensor | undefined, bZero: ByteTensor | undefined) => {
    const plan = planProduct('MatMulInteger', a.dims, b.dims);
    const { rows, depth, columns } = plan;
    const left = shifted(a.data, aZero, index => Math.floor(index / depth) % rows);
    const right = shifted(b.data, bZero, index => index % columns);
    const out = new Int32Array(plan.products.length * rows * columns);
    for (const [index, { left: at, right: by }] of plan.products.entries()) {
      const first = { data: left, offset: at * rows * depth, rowStride: depth, columnStride: 1 };
      const second = { data: right, offset: by * depth * columns, rowStride: columns, columnStride: 1 };
      multiplyPlain(first, second, plan, [out, index * rows * columns]);
    }
    return [new EngineTensor('int32', out, plan.dims)];
  };

/** Numbers less their zero point: one for all, or one for each row of the left or column of the right. */
function shifted(
  data: Uint8Array,
  zero: ByteTensor | undefined,
  placeOf: (index: number) => number,
): Int16Array {
  const zeros = zero?.data ?? Uint8Array.of(0);
  const only = zeros.length === 1 ? zeros[0]! : undefined;
  return Int16Array.from(data, (value, index) => value - (only ?? zeros[placeOf(index)]!));
}
