import type { Kernel } from '../../kernel.ts';
import { logistic, tanhByProducts } from '../../rational-functions.ts';
import { addBiases, type RecurrentSettings, recurrentKernel } from './layer.ts';

const { fround } = Math;

interface GruSettings extends RecurrentSettings {
  /** Whether the reset gate applies after the state's product rather than before it. */
  isLinearFirst: boolean;
}

/** https://onnx.ai/onnx/operators/onnx__GRU.html, rounded like ONNX Runtime; gates: update, reset, hidden. */
export const gru: Kernel<GruSettings> = recurrentKernel<GruSettings>({
  operator: 'GRU',
  gates: 3,
  clipsWithBiases: true,
  makeCell({ settings: { isLinearFirst }, clip, hidden, bias, recurrence }) {
    const update = new Float32Array(hidden);
    const reset = new Float32Array(hidden);
    const ofState = 3 * hidden;
    const both = addBiases(bias, ofState);
    return (fromInput, fromState, { h }) => {
      const gate = (at: number) =>
        logistic(clip(fround(fround(fromInput[at]! + fromState[at]!) + both[at]!)));
      for (let i = 0; i < hidden; i++) {
        update[i] = gate(i);
        reset[i] = gate(hidden + i);
      }
      const products = isLinearFirst ? fromState : timesReset(h);
      for (let i = 0; i < hidden; i++) {
        const at = 2 * hidden + i;
        const recurrent = isLinearFirst
          ? fround(reset[i]! * fround(bias[ofState + at]! + products[at]!))
          : products[at]!;
        const sum = fround(fround(fromInput[at]! + recurrent) + (isLinearFirst ? bias[at]! : both[at]!));
        const fresh = fround(fround(1 - update[i]!) * tanhByProducts(clip(sum)));
        h[i] = fresh + fround(update[i]! * h[i]!);
      }
    };

    function timesReset(h: Float32Array): Float32Array {
      for (let i = 0; i < hidden; i++) {
        recurrence.rows[i] = reset[i]! * h[i]!;
      }
      recurrence.multiply(1);
      return recurrence.products;
    }
  },
});
