import type { Kernel } from '../kernel.ts';
import { eachElement } from './elementwise/each.ts';

interface Alpha {
  alpha: number;
}

export const leakyRelu: Kernel<Alpha> = ({ alpha }) => eachElement(x => (x >= 0 ? x : alpha * x));

export const elu: Kernel<Alpha> = ({ alpha }) => eachElement(x => (x >= 0 ? x : alpha * (Math.exp(x) - 1)));

export const celu: Kernel<Alpha> = ({ alpha }) =>
  eachElement(x => Math.max(0, x) + Math.min(0, alpha * (Math.exp(x / alpha) - 1)));

export const selu: Kernel<Alpha & { gamma: number }> = ({ alpha, gamma }) =>
  eachElement(x => gamma * (x > 0 ? x : alpha * Math.exp(x) - alpha));

export const thresholdedRelu: Kernel<Alpha> = ({ alpha }) => eachElement(x => (x > alpha ? x : 0));

export const hardSigmoid: Kernel<Alpha & { beta: number }> = ({ alpha, beta }) =>
  eachElement(x => Math.max(0, Math.min(1, alpha * x + beta)));

export const hardSwish: Kernel = () => {
  const sixth = Math.fround(1 / 6);
  return eachElement(x => x * Math.max(0, Math.min(1, sixth * x + 0.5)));
};

export const softplus: Kernel = () =>
  eachElement(x => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))));

export const softsign: Kernel = () => eachElement(x => x / (1 + Math.abs(x)));

export const mish: Kernel = () => eachElement(x => x * Math.tanh(Math.log1p(Math.exp(x))));

export const swish: Kernel<Alpha> = ({ alpha }) => eachElement(x => x / (1 + Math.exp(-alpha * x)));
