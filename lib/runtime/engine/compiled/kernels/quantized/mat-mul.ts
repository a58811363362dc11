import { EngineTensor } from '../../../tensor.ts';
import { allocate } from '../../allocate.ts';
import type { Kernel } from '../../kernel.ts';
import { multiplyPlain } from '../../matrix/multiply-plain.ts';
import { type ProductPlan, planProduct } from '../../matrix/plan-product.ts';
import { type ByteTensor, type FloatTensor, outputOf, productScales, shifted } from './operand.ts';
import { requantize } from './rounding.ts';

interface Side {
  tensor: ByteTensor;
  zero: ByteTensor | undefined;
}

/** https://onnx.ai/onnx/operators/onnx__MatMulInteger.html */
export const matMulInteger: Kernel =
  () => (a: ByteTensor, b: ByteTensor, aZero: ByteTensor | undefined, bZero: ByteTensor | undefined) => {
    const { sums, plan } = multiply('MatMulInteger', { tensor: a, zero: aZero }, { tensor: b, zero: bZero });
    return [new EngineTensor('int32', sums, plan.dims)];
  };

/** https://onnx.ai/onnx/operators/onnx__QLinearMatMul.html */
export const qLinearMatMul: Kernel =
  () =>
  (
    a: ByteTensor,
    aScale: FloatTensor,
    aZero: ByteTensor,
    b: ByteTensor,
    bScale: FloatTensor,
    bZero: ByteTensor,
    yScale: FloatTensor,
    yZero: ByteTensor,
  ) => {
    const { sums, plan } = multiply('QLinearMatMul', { tensor: a, zero: aZero }, { tensor: b, zero: bZero });
    const scales = productScales(aScale, bScale, yScale);
    const output = outputOf(yZero);
    const out = allocate('QLinearMatMul', output.type, plan.dims);
    for (let i = 0; i < out.length; i++) {
      out[i] = requantize(sums[i]!, scales[scales.length === 1 ? 0 : i % plan.columns]!, output);
    }
    return [new EngineTensor(output.type, out, plan.dims)];
  };

/** Multiplies bytes; their sums of products are exact in a double. */
function multiply(operator: string, a: Side, b: Side): { sums: Int32Array; plan: ProductPlan } {
  const plan = planProduct(operator, a.tensor.dims, b.tensor.dims);
  const { rows, depth, columns } = plan;
  const left = shifted(a.tensor.data, a.zero, index => Math.floor(index / depth) % rows);
  const right = shifted(b.tensor.data, b.zero, index => index % columns);
  const sums = new Int32Array(plan.products.length * rows * columns);
  for (const [index, { left: at, right: by }] of plan.products.entries()) {
    const first = { data: left, offset: at * rows * depth, rowStride: depth, columnStride: 1 };
    const second = { data: right, offset: by * depth * columns, rowStride: columns, columnStride: 1 };
    multiplyPlain(first, second, plan, [sums, index * rows * columns]);
  }
  return { sums, plan };
}
