import type { Kernel } from '../../kernel.ts';
import { addBiases, clipped, type RecurrentSettings, recurrentKernel } from './layer.ts';

const { fround } = Math;

interface RnnSettings extends RecurrentSettings {
  activation: 'Tanh' | 'Relu';
}

/** https://onnx.ai/onnx/operators/onnx__RNN.html */
export const rnn: Kernel<RnnSettings> = recurrentKernel<RnnSettings>({
  operator: 'RNN',
  gates: 1,
  makeCell({ settings: { clip, activation }, hidden, bias }) {
    const activate = activation === 'Tanh' ? Math.tanh : (value: number) => Math.max(value, 0);
    const both = addBiases(bias, hidden);
    return (fromInput, fromState, { h }) => {
      for (let i = 0; i < hidden; i++) {
        h[i] = activate(clipped(fround(fround(both[i]! + fromInput[i]!) + fromState[i]!), clip));
      }
    };
  },
});
