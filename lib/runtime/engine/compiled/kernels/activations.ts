import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

/** An operator that computes each element by itself. */
function elementwise<Settings>(
  functionOf: (settings: Settings) => (value: number) => number,
): Kernel<Settings> {
  return settings => {
    const compute = functionOf(settings);
    return ({ type, data, dims }: FloatTensor) => {
      const out = new (data.constructor as Float32ArrayConstructor)(data.length);
      for (let i = 0; i < data.length; i++) {
        out[i] = compute(data[i]!);
      }
      return [new EngineTensor(type, out, dims)];
    };
  };
}

interface Alpha {
  alpha: number;
}

export const leakyRelu: Kernel<Alpha> = elementwise<Alpha>(
  ({ alpha }) =>
    x =>
      x >= 0 ? x : alpha * x,
);

export const elu: Kernel<Alpha> = elementwise<Alpha>(
  ({ alpha }) =>
    x =>
      x >= 0 ? x : alpha * (Math.exp(x) - 1),
);

export const celu: Kernel<Alpha> = elementwise<Alpha>(
  ({ alpha }) =>
    x =>
      Math.max(0, x) + Math.min(0, alpha * (Math.exp(x / alpha) - 1)),
);

export const selu: Kernel<Alpha & { gamma: number }> = elementwise<Alpha & { gamma: number }>(
  ({ alpha, gamma }) =>
    x =>
      gamma * (x > 0 ? x : alpha * Math.exp(x) - alpha),
);

export const thresholdedRelu: Kernel<Alpha> = elementwise<Alpha>(
  ({ alpha }) =>
    x =>
      x > alpha ? x : 0,
);

export const hardSigmoid: Kernel<Alpha & { beta: number }> = elementwise<Alpha & { beta: number }>(
  ({ alpha, beta }) =>
    x =>
      Math.max(0, Math.min(1, alpha * x + beta)),
);

export const hardSwish: Kernel = elementwise(() => x => x * Math.max(0, Math.min(1, x / 6 + 0.5)));

export const softplus: Kernel = elementwise(
  () => x => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))),
);

export const softsign: Kernel = elementwise(() => x => x / (1 + Math.abs(x)));

export const mish: Kernel = elementwise(() => x => x * Math.tanh(Math.log1p(Math.exp(x))));

export const swish: Kernel<Alpha> = elementwise<Alpha>(
  ({ alpha }) =>
    x =>
      x / (1 + Math.exp(-alpha * x)),
);
