import { encodeModel } from '../../lib/model/write.ts';
import { graph, model, node, tensorType, value } from './build-model.ts';

/** Doubles two numbers a row: the model that the help of `invoke` asks. */
export function doubling(): Buffer {
  return ofItself('Add');
}

/** Squares them. */
export function squaring(): Buffer {
  return ofItself('Mul');
}

function ofItself(operator: 'Add' | 'Mul'): Buffer {
  const type = () => tensorType('FLOAT', ['N', 2]);
  const parts = { input: [value('x', type())], output: [value('y', type())] };
  return Buffer.concat(encodeModel(model(graph({ node: [node(operator, ['x', 'x'], ['y'])], ...parts }))));
}
