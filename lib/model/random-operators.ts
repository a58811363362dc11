import type { ModelProto } from './onnx_pb.ts';
import { domainOf } from './opsets.ts';
import { allNodes } from './walk.ts';

/** Operators that draw random numbers: from the attribute `seed` if set, else differently in each process. */
export const randomOperators: ReadonlySet<string> = new Set([
  ...['Bernoulli', 'Multinomial'],
  ...['RandomNormal', 'RandomNormalLike', 'RandomUniform', 'RandomUniformLike'],
]);

/** The random operators that a model uses. */
export function randomOperatorsOf(model: ModelProto): string[] {
  const used = [...allNodes(model)].filter(node => domainOf(node.domain) === '').map(node => node.opType);
  return [...new Set(used)].filter(operator => randomOperators.has(operator)).sort();
}
