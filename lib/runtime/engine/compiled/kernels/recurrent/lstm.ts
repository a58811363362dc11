import type { Kernel } from '../../kernel.ts';
import { clipped, type RecurrentSettings, recurrentKernel, sigmoid } from './layer.ts';

interface LstmSettings extends RecurrentSettings {
  /** Whether the forget gate is what the input gate leaves. */
  isCoupled: boolean;
}

/** https://onnx.ai/onnx/operators/onnx__LSTM.html: gates in the order input, output, forget, cell. */
export const lstm: Kernel<LstmSettings> = recurrentKernel<LstmSettings>({
  operator: 'LSTM',
  gates: 4,
  makeCell({ settings: { clip, isCoupled }, hidden, bias, peepholes }) {
    return (fromInput, fromState, { h, c }) => {
      const sum = (at: number) => fromInput[at]! + fromState[at]! + (bias[at]! + bias[4 * hidden + at]!);
      const peep = (gate: number, i: number, value: number) =>
        peepholes === undefined ? 0 : peepholes[gate * hidden + i]! * value;
      for (let i = 0; i < hidden; i++) {
        const old = c[i]!;
        const input = sigmoid(clipped(sum(i) + peep(0, i, old), clip));
        const forget = isCoupled ? 1 - input : sigmoid(clipped(sum(2 * hidden + i) + peep(2, i, old), clip));
        const next = forget * old + input * Math.tanh(clipped(sum(3 * hidden + i), clip));
        const output = sigmoid(clipped(sum(hidden + i) + peep(1, i, next), clip));
        c[i] = next;
        h[i] = output * Math.tanh(next);
      }
    };
  },
});
