import type { Kernel } from '../../kernel.ts';
import { logistic, tanh } from '../../rational-functions.ts';
import { addBiases, type RecurrentSettings, recurrentKernel } from './layer.ts';

const { fround } = Math;

interface LstmSettings extends RecurrentSettings {
  /** Whether the forget gate is 1 minus the input gate. */
  isCoupled: boolean;
}

/** https://onnx.ai/onnx/operators/onnx__LSTM.html, rounded like ONNX Runtime; gates: input, output, forget, cell. */
export const lstm: Kernel<LstmSettings> = recurrentKernel<LstmSettings>({
  operator: 'LSTM',
  gates: 4,
  clipsWithBiases: true,
  makeCell({ settings: { isCoupled }, clip, hidden, bias, peepholes }) {
    const both = addBiases(bias, 4 * hidden);
    return (fromInput, fromState, { h, c }) => {
      const sum = (at: number) => fround(fromInput[at]! + fromState[at]!);
      const peep = (gate: number, i: number, value: number) =>
        peepholes === undefined ? 0 : fround(peepholes[gate * hidden + i]! * value);
      /** The input of a gate: its sums, its peephole of the cell, its bias. */
      const into = (gate: number, i: number, seen = 0) => {
        const at = gate * hidden + i;
        return clip(fround(fround(sum(at) + seen) + both[at]!));
      };
      for (let i = 0; i < hidden; i++) {
        const old = c[i]!;
        const input = logistic(into(0, i, peep(0, i, old)));
        const forget = isCoupled ? fround(1 - input) : logistic(into(2, i, peep(2, i, old)));
        const next = fround(fround(old * forget) + fround(input * tanh(into(3, i))));
        const output = logistic(into(1, i, peep(1, i, next)));
        c[i] = next;
        h[i] = output * tanh(next);
      }
    };
  },
});
