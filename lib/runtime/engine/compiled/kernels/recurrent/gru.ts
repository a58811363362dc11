import type { Kernel } from '../../kernel.ts';
import { clipped, type RecurrentSettings, recurrentKernel, sigmoid } from './layer.ts';

interface GruSettings extends RecurrentSettings {
  /** Whether the reset gate applies after the state's product, not before it. */
  isLinearFirst: boolean;
}

/** https://onnx.ai/onnx/operators/onnx__GRU.html: gates in the order update, reset, hidden. */
export const gru: Kernel<GruSettings> = recurrentKernel<GruSettings>({
  operator: 'GRU',
  gates: 3,
  makeCell({ settings: { clip, isLinearFirst }, hidden, bias, recurrence }) {
    const update = new Float32Array(hidden);
    const reset = new Float32Array(hidden);
    const ofState = 3 * hidden;
    return (fromInput, fromState, { h }) => {
      const gate = (at: number) =>
        sigmoid(clipped(fromInput[at]! + fromState[at]! + (bias[at]! + bias[ofState + at]!), clip));
      for (let i = 0; i < hidden; i++) {
        update[i] = gate(i);
        reset[i] = gate(hidden + i);
      }
      const products = isLinearFirst ? fromState : timesReset(h);
      for (let i = 0; i < hidden; i++) {
        const at = 2 * hidden + i;
        const recurrent = products[at]! + bias[ofState + at]!;
        const sum = fromInput[at]! + bias[at]! + (isLinearFirst ? reset[i]! * recurrent : recurrent);
        h[i] = (1 - update[i]!) * Math.tanh(clipped(sum, clip)) + update[i]! * h[i]!;
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
