import type { ModelProto } from '../onnx_pb.ts';
import { defaultOpset, operatorOf } from '../opsets.ts';
import { startGuard } from '../passes/faults/guard.ts';
import { guardInner } from '../passes/faults/table.ts';
import { freshNamesIn } from '../rename.ts';
import { changeNodes } from '../scope.ts';

/** Guards the FusedMatMul that ONNX Runtime's optimiser makes of a MatMul, unless its shapes show that it is safe. */
export function guardFused(proto: ModelProto): boolean {
  const opset = defaultOpset(proto) ?? 0;
  const fresh = freshNamesIn(proto);
  let changed = false;
  changeNodes(proto, (node, scope) => {
    // Guards of the original model's nodes are already in place.
    if (
      operatorOf(node) !== 'com.microsoft.FusedMatMul' ||
      node.input[0]?.startsWith('coldpress/') === true
    ) {
      return undefined;
    }
    const nodes = guardInner(node, { scope, guard: startGuard(node.opType, { opset, fresh }) });
    changed ||= nodes !== undefined;
    return nodes;
  });
  return changed;
}
