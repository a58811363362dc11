import { ELEMENTS_INPUT } from '../../../contract/elements-input.ts';
import { changeSubgraphs } from '../../attributes.ts';
import { readIntegers } from '../../integers.ts';
import { startNodes } from '../../nodes.ts';
import { type GraphProto, type NodeProto, TensorProto_DataType as Type } from '../../onnx_pb.ts';
import type { Scope } from '../../scope.ts';
import { MAX_ELEMENTS, MAX_TURNS } from './sizing.ts';

/**
 * Makes the body of a loop count its iterations and what the engine keeps of each, if nothing before the loop
 * determines their number. The condition to continue then passes a gate: a Gather with index 0 until the count is too
 * great.
 * @returns the unit of what is counted, if anything
 */
export function limitBody(
  node: NodeProto,
  {
    scope,
    opset,
    fresh,
    hasLimit,
  }: { scope: Scope; opset: number; fresh: (name: string) => string; hasLimit: boolean },
): 'elements' | 'turns' | undefined {
  const [turns = ''] = node.input;
  const constant = scope.constants.get(turns);
  const known = constant && Number(readIntegers(constant)?.[0] ?? Number.POSITIVE_INFINITY);
  const isEndless = turns === '' || (known !== undefined && known > MAX_TURNS);
  const isOpen = isEndless || scope.requested.has(turns);
  let unit: 'elements' | 'turns' | undefined;
  changeSubgraphs(node, body => {
    const carried = Math.max(0, node.input.length - 2);
    const kept = body.output.slice(1 + carried).map(({ name }) => name);
    unit = isOpen && kept.length > 0 ? 'elements' : isEndless ? 'turns' : undefined;
    if (unit !== undefined) {
      gateCondition(body, { kept, unit, opset, fresh, hasLimit });
    }
    return unit !== undefined;
  });
  return unit;
}

function gateCondition(
  body: GraphProto,
  {
    kept,
    unit,
    opset,
    fresh,
    hasLimit,
  }: {
    kept: string[];
    unit: 'elements' | 'turns';
    opset: number;
    fresh: (name: string) => string;
    hasLimit: boolean;
  },
): void {
  const { nodes, add, integers, cast } = startNodes(fresh);
  const turn = body.input[0]!.name;
  const condition = body.output[0]!;
  const limit = unit === 'turns' ? MAX_TURNS : hasLimit ? 'limit' : MAX_ELEMENTS;
  const parts = (value: string, most: string) => add('Div', [value, most]);
  const turnParts = parts(turn, integers([MAX_TURNS], []));
  const mostElements = () =>
    limit === 'limit' ? cast(ELEMENTS_INPUT, Type.INT64) : integers([MAX_ELEMENTS], []);
  const index = kept
    .map(value => parts(add('Mul', [add('Size', [value]), turn]), mostElements()))
    .reduce((sum, part) => add('Add', [sum, part]), turnParts);
  const boxed =
    opset >= 13
      ? add('Unsqueeze', [condition.name, integers([0])])
      : add('Unsqueeze', [condition.name], { axes: [0] });
  // The body declares the iteration number as a scalar or as a vector of one.
  const scalar = add('Reshape', [index, integers([])]);
  condition.name = add('Gather', [boxed, scalar], { axis: 0 }, fresh(`${unit}/Loop/${limit}`));
  body.node.push(...nodes);
}
