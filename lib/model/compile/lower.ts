import type { Graph, Parameter } from '../../contract/program.ts';
import type { GraphProto, NodeProto } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import type { ReadTensor } from './constants.ts';
import { startReading } from './float16.ts';
import { type Input, operatorOf, readNode } from './node.ts';
import { NotCovered } from './not-covered.ts';
import { operators } from './operators/index.ts';
import type { RuleSetting } from './operators/rule.ts';
import { type Known, startSlots } from './slots.ts';
import { sortNodes } from './sort-nodes.ts';
import { type ConstantValue, declaredType, type ValueType } from './value.ts';
import { sectionType, type WeightsWriter } from './weights.ts';

/** What lowering needs in addition to the graph. */
export interface Lowering {
  opsets: ReadonlyMap<string, number>;
  readTensor: ReadTensor;
  weights: WeightsWriter;
  /** Adds a constant to the program. */
  addConstant(value: ConstantValue): number;
}

/** Finds a value in the graphs around a graph. */
type Outer = (name: string) => Input | undefined;

interface LoweredGraph {
  graph: Graph;
  /** Names of values from the graphs around it, which become its last inputs. */
  captured: string[];
  types: (ValueType | undefined)[];
}

/**
 * Lowers a graph to steps, without dead nodes and with constants in slots of their own.
 * @throws NotCovered
 */
export function lowerGraph(
  proto: GraphProto,
  lowering: Lowering,
  outer: Outer = () => undefined,
): LoweredGraph {
  const values = new Map<string, Known>();
  const slots = startSlots(lowering.addConstant);
  const captured: { name: string; slot: number }[] = [];
  const initializers = new Map(proto.initializer.map(tensor => [tensor.name, tensor]));

  const declare = (name: string, type: ValueType | undefined): number => {
    const slot = slots.take();
    values.set(name, { type, constant: undefined, slot });
    return slot;
  };
  const declareConstant = (name: string, constant: ConstantValue): void => {
    values.set(name, { type: constant.type, constant, slot: undefined });
  };
  const find = (name: string): Known | undefined => {
    const initializer = initializers.get(name);
    if (!values.has(name) && initializer !== undefined) {
      declareConstant(name, lowering.readTensor(initializer));
    }
    const around = values.has(name) ? undefined : outer(name);
    if (around?.constant !== undefined) {
      declareConstant(name, around.constant);
    } else if (around !== undefined) {
      captured.push({ name, slot: declare(name, around.type) });
    }
    return values.get(name);
  };
  const require = (name: string, operator: string): Known => {
    const known = find(name);
    if (known === undefined) {
      throw new NotCovered(operator, `value "${name}" is computed by no node`);
    }
    return known;
  };

  const inputs = proto.input
    .filter(({ name }) => !initializers.has(name))
    .map(({ name, type }) => declare(name, declaredType(type)));

  const read = startReading(proto, slots);
  for (const node of sortNodes(proto)) {
    const operator = operatorOf(node);
    if (operator === 'Constant') {
      declareConstant(node.output[0]!, constantOf(node, lowering));
      continue;
    }
    const known = node.input.map(name => (name === '' ? undefined : require(name, operator)));
    const reading = read(node, known);
    const lowered = applyRule(node, reading.inputs, lowering);
    if ('sameAs' in lowered) {
      values.set(node.output[0]!, known[lowered.sameAs]!);
      continue;
    }
    const { parameters, extra } = toParameters(lowered.settings ?? {}, lowering, name => find(name));
    const from = [...reading.slots, ...extra.map(name => slots.slotOf(require(name, operator)))];
    const outputs = node.output.map(name => (name === '' ? -1 : slots.take()));
    slots.steps.push({ kernel: lowered.kernel, inputs: from, outputs, parameters, release: [] });
    for (const [index, name] of node.output.entries()) {
      if (name !== '') {
        values.set(name, reading.toValue(lowered.types[index], outputs[index]!));
      }
    }
  }
  const outputs = proto.output.map(({ name }) => require(name, 'output'));
  const graph: Graph = {
    slots: 0,
    constants: slots.constants,
    inputs: [...inputs, ...captured.map(({ slot }) => slot)],
    outputs: outputs.map(slots.slotOf),
    steps: slots.steps,
  };
  graph.slots = slots.count();
  releaseEarly(graph);
  return { graph, captured: captured.map(({ name }) => name), types: outputs.map(({ type }) => type) };
}

function applyRule(node: NodeProto, inputs: (Input | undefined)[], { opsets, readTensor }: Lowering) {
  const operator = operatorOf(node);
  const rule = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (rule === undefined) {
    throw new NotCovered(operator, 'the operator is not covered');
  }
  const opset = opsets.get(domainOf(node.domain)) ?? 1;
  const reading = readNode(node, { inputs, opset, readTensor });
  const lowered = rule(reading.node);
  reading.finish();
  return lowered;
}

function constantOf(node: NodeProto, { opsets, readTensor }: Lowering): ConstantValue {
  const reading = readNode(node, { inputs: [], opset: opsets.get('') ?? 1, readTensor });
  const { tensor, has, int, bigints, float, floats, string, strings, refuse } = reading.node;
  const found = tensor('value');
  if (found !== undefined) {
    return found;
  }
  if (has('value_int')) {
    return { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(int('value_int', 0))) };
  }
  if (has('value_ints')) {
    const data = BigInt64Array.from(bigints('value_ints'));
    return { type: 'int64', dims: [data.length], data };
  }
  if (has('value_float')) {
    return { type: 'float32', dims: [], data: Float32Array.of(float('value_float', 0)) };
  }
  if (has('value_floats')) {
    const data = Float32Array.from(floats('value_floats'));
    return { type: 'float32', dims: [data.length], data };
  }
  if (has('value_string')) {
    return { type: 'string', dims: [], data: [string('value_string', '')] };
  }
  if (has('value_strings')) {
    const data = strings('value_strings');
    return { type: 'string', dims: [data.length], data };
  }
  return refuse('a sparse constant is not covered');
}

/** Returns settings in the format of the program, and the names of values that their graphs use from around them. */
function toParameters(
  settings: Record<string, RuleSetting>,
  lowering: Lowering,
  outer: Outer,
): { parameters: Record<string, Parameter>; extra: string[] } {
  const extra: string[] = [];
  const parameters: Record<string, Parameter> = {};
  for (const [key, setting] of Object.entries(settings)) {
    if (ArrayBuffer.isView(setting)) {
      parameters[key] = { section: lowering.weights.add(sectionType(setting), setting) };
    } else if (typeof setting !== 'object' || setting === null || Array.isArray(setting)) {
      parameters[key] = setting;
    } else {
      const { graph, captured } = lowerGraph(setting, lowering, outer);
      extra.push(...captured);
      parameters[key] = { graph };
      parameters[`${key}Captures`] = captured.length;
    }
  }
  return { parameters, extra };
}

/** Makes each step release slots that no later step reads, so that a run uses no more memory than it needs. */
export function releaseEarly({ steps, constants, outputs }: Graph): void {
  const kept = new Set([...outputs, ...constants.map(([slot]) => slot)]);
  for (const step of steps.toReversed()) {
    const last = [...new Set([...step.inputs, ...step.outputs])].filter(slot => slot >= 0 && !kept.has(slot));
    step.release = last;
    for (const slot of last) {
      kept.add(slot);
    }
  }
}
