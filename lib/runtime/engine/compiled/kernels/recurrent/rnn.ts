import type { Kernel } from '../../kernel.ts';
import { clipped, type RecurrentSettings, recurrentKernel } from './layer.ts';

interface RnnSettings extends RecurrentSettings {
  activation: 'Tanh' | 'Relu';
}

/** https://onnx.ai/onnx/operators/onnx__RNN.html */
export const rnn: Kernel<RnnSettings> = recurrentKernel<RnnSettings>({
  operator: 'RNN',
  gates: 1,
  makeCell({ settings: { clip, activation }, hidden, bias }) {
    const activate = activation === 'Tanh' ? Math.tanh : (value: number) => Math.max(value, 0);
    return (fromInput, fromState, { h }) => {
      for (let i = 0; i < hidden; i++) {
        h[i] = activate(clipped(fromInput[i]! + fromState[i]! + (bias[i]! + bias[hidden + i]!), clip));
      }
    };
  },
});
