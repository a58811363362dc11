import type { Kernel } from '../../kernel.ts';
import { addBiases, type RecurrentSettings, recurrentKernel } from './layer.ts';

const { fround } = Math;

interface RnnSettings extends RecurrentSettings {
  activation: 'Tanh' | 'Relu';
}

/** https://onnx.ai/onnx/operators/onnx__RNN.html */
export const rnn: Kernel<RnnSettings> = recurrentKernel<RnnSettings>({
  operator: 'RNN',
  gates: 1,
  clipsWithBiases: false,
  makeCell({ settings: { activation }, clip, hidden, bias }) {
    const activate = activation === 'Tanh' ? Math.tanh : (value: number) => (value > 0 ? value : 0);
    const both = addBiases(bias, hidden);
    return (fromInput, fromState, { h }) => {
      for (let i = 0; i < hidden; i++) {
        h[i] = activate(clip(fround(fround(both[i]! + fromInput[i]!) + fromState[i]!)));
      }
    };
  },
});
