import type { OperatorNode } from '../node.ts';
import type { Rule, RuleSetting } from './rule.ts';
import { inputType } from './same-type.ts';

/** LSTM, GRU and RNN with default activations and constant weights. */
export const recurrentOperators: Record<string, Rule> = {
  LSTM: node => {
    const isCoupled = node.int('input_forget', 0) !== 0;
    return recurrent(node, 'lstm', { activations: ['Sigmoid', 'Tanh', 'Tanh'], settings: { isCoupled } });
  },
  GRU: node => {
    const isLinearFirst = node.int('linear_before_reset', 0) !== 0;
    return recurrent(node, 'gru', { activations: ['Sigmoid', 'Tanh'], settings: { isLinearFirst } });
  },
  RNN: node => {
    const [activation = 'Tanh', other = activation] = node.strings('activations');
    if (!['Tanh', 'Relu'].includes(activation) || other !== activation) {
      node.refuse(`activations other than Tanh or Relu are not covered`);
    }
    return recurrent(node, 'rnn', { activations: [activation], settings: { activation } });
  },
};

function recurrent(
  node: OperatorNode,
  kernel: string,
  { activations, settings }: { activations: string[]; settings: Record<string, RuleSetting> },
) {
  const type = inputType(node, 0, ['float32']);
  const given = node.strings('activations');
  if (given.some((name, index) => name !== activations[index % activations.length])) {
    node.refuse(`activations other than ${activations.join(', ')} are not covered`);
  }
  if (node.int('layout', 0) !== 0) {
    node.refuse('layout 1 is not covered');
  }
  const [, w, r] = node.inputs;
  if (w?.constant === undefined || r?.constant === undefined) {
    node.refuse('weights that are not constants are not covered');
  }
  node.ignore('output_sequence');
  const hidden = node.int('hidden_size', r.constant.dims[2] ?? 0);
  const direction = node.string('direction', 'forward');
  return {
    kernel,
    settings: { ...settings, direction, hidden, clip: node.float('clip', 0) },
    types: [type, type, type],
  };
}
