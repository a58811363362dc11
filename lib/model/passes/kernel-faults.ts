import type { NodeProto } from '../onnx_pb.ts';
import { defaultOpset, operatorOf } from '../opsets.ts';
import { freshNamesIn } from '../rename.ts';
import { changeNodes, type Scope } from '../scope.ts';
import { allNodes } from '../walk.ts';
import { startGuard } from './faults/guard.ts';
import { originsOf } from './faults/origins.ts';
import { faults } from './faults/table.ts';
import type { Pass } from './pass.ts';

/** The first opset with every operator that guards use. */
const FIRST_OPSET = 7;

const byOperator = new Map(faults.flatMap(fault => fault.operators.map(operator => [operator, fault])));

/** Keeps from the engine inputs on which it would return foreign memory or crash. */
export const kernelFaults: Pass = {
  name: 'kernel-faults',
  engine: 'onnxruntime',
  apply({ proto }) {
    const opset = defaultOpset(proto) ?? 0;
    const faultOf = (node: NodeProto) => byOperator.get(operatorOf(node));
    if (opset < FIRST_OPSET || ![...allNodes(proto)].some(node => faultOf(node) !== undefined)) {
      return undefined;
    }
    const fresh = freshNamesIn(proto);
    const origins = new Map<readonly NodeProto[], ReturnType<typeof originsOf>>();
    const originsIn = (scope: Scope) => {
      const known = origins.get(scope.nodes) ?? originsOf(scope);
      origins.set(scope.nodes, known);
      return known;
    };
    const found = new Map<string, string>();
    changeNodes(proto, (node, scope) => {
      const fault = faultOf(node);
      const guard = startGuard(node.opType, { opset, fresh });
      const nodes = fault?.guard(node, { scope, opset, guard, originOf: originsIn(scope) });
      if (fault !== undefined && nodes !== undefined) {
        found.set(node.opType, fault.what);
      }
      return nodes;
    });
    const shown = [...found].map(([operator, what]) => `${operator}: ${what}`);
    return found.size === 0
      ? undefined
      : `inputs on which ONNX Runtime 1.30 crashes or returns unrelated memory are refused: ${shown.join('; ')}`;
  },
};
