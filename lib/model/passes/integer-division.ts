import { readIntegers } from '../integers.ts';
import { makeNode, startNodes } from '../nodes.ts';
import { type NodeProto, TensorProto_DataType as Type } from '../onnx_pb.ts';
import { defaultOpset, domainOf } from '../opsets.ts';
import { freshNamesIn } from '../rename.ts';
import { changeNodes, type Scope } from '../scope.ts';
import { allNodes } from '../walk.ts';
import type { Pass } from './pass.ts';

/** Narrower types are divided as INT32, which holds every quotient. */
const TYPES = new Set<number>([Type.INT32, Type.INT64]);
/** The first opset in which Where supports all that this pass needs. */
const FIRST_OPSET = 9;
/** Larger constants are not searched; an outline of the model may not even have read them. */
const MAX_ELEMENTS = 1024;

/**
 * The lowest integer divided by -1 does not fit its type: x86-64 raises SIGFPE, so a request could end the process.
 * Divides by 1 instead and negates, which wraps as on arm64. The engine itself rejects division by 0.
 */
export const integerDivision: Pass = {
  name: 'integer-division',
  engine: 'onnxruntime',
  apply({ proto }) {
    const isDivision = ({ opType, domain }: NodeProto) =>
      (opType === 'Div' || opType === 'Mod') && domainOf(domain) === '';
    if ((defaultOpset(proto) ?? 0) < FIRST_OPSET || ![...allNodes(proto)].some(isDivision)) {
      return undefined;
    }
    const fresh = freshNamesIn(proto);
    let count = 0;
    changeNodes(proto, (node, scope) => {
      if (!isDivision(node) || !canOverflow(node, scope)) {
        return undefined;
      }
      count++;
      return divideSafely(node, scope.elementTypes.get(node.input[1]!)!, fresh);
    });
    return count === 0
      ? undefined
      : `the lowest integer divided by -1 would crash the process; ${count} integer ${count === 1 ? 'division is' : 'divisions are'} computed in another way, with the same result`;
  },
};

/** Values that follow only from shapes and constants are never the lowest integer. */
function canOverflow({ input }: NodeProto, { requested, elementTypes, constants }: Scope): boolean {
  const [dividend = '', divisor = ''] = input;
  const type = elementTypes.get(divisor);
  const other = elementTypes.get(dividend) ?? type;
  if (type === undefined || !TYPES.has(type) || other !== type || !requested.has(dividend)) {
    return false;
  }
  const constant = constants.get(divisor);
  if (constant === undefined || constant.dims.reduce((product, size) => product * size, 1n) > MAX_ELEMENTS) {
    return true;
  }
  return readIntegers(constant)?.includes(-1n) ?? true;
}

function divideSafely(node: NodeProto, type: number, fresh: (name: string) => string): NodeProto[] {
  const [dividend = '', divisor = ''] = node.input;
  const list = startNodes(fresh);
  const [one, minusOne] = [list.integer(1, type), list.integer(-1, type)];
  const isMinusOne = list.add('Equal', [divisor, minusOne]);
  node.input = [dividend, list.add('Where', [isMinusOne, one, divisor])];
  if (node.opType === 'Mod') {
    return [...list.nodes, node];
  }
  const sign = list.add('Where', [isMinusOne, minusOne, one]);
  const [output = ''] = node.output;
  const quotient = fresh('Div');
  node.output = [quotient];
  return [...list.nodes, node, makeNode({ opType: 'Mul', input: [quotient, sign], output: [output] })];
}
