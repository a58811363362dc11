import type { Model } from '../read.ts';
import { allNodes } from '../walk.ts';
import { functionName, operatorOf } from './node.ts';
import { operators } from './operators/index.ts';

/**
 * Returns why the compiled engine cannot run a model, as far as its operators show; `undefined` if it has a kernel for
 * each of them. Only compiling shows whether it supports their attributes and types.
 */
export function findUncovered(model: Model): string | undefined {
  if (model.format === 'ort') {
    return 'only ONNX Runtime reads the ORT format';
  }
  const own = new Set(model.proto.functions.map(functionName));
  for (const node of allNodes(model.proto)) {
    const operator = operatorOf(node);
    if (operator !== 'Constant' && !own.has(operator) && !Object.hasOwn(operators, operator)) {
      return `${operator} is not covered by the compiled engine`;
    }
  }
  return undefined;
}
