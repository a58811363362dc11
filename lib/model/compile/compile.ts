import { arrayTypes } from '../../contract/arrays.ts';
import { WEIGHTS_FILE } from '../../contract/files.ts';
import type { Constant, Program, Section } from '../../contract/program.ts';
import type { ExternalFile } from '../external-data.ts';
import type { NodeProto } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import type { OnnxModel } from '../read.ts';
import { readSignature } from '../signature.ts';
import { tensorReader } from './constants.ts';
import { fuseEncoders } from './fuse-encoders.ts';
import { inlineFunctions } from './inline-functions.ts';
import { type Lowering, lowerGraph } from './lower.ts';
import { NotCovered } from './not-covered.ts';
import type { ConstantValue, ValueType } from './value.ts';
import { startWeights } from './weights.ts';

/** A compiled model: its program, and the weight file that goes with it. */
export interface Compiled {
  program: Program;
  weights: Uint8Array;
}

/** A compiled ONNX model. */
export interface CompiledModel extends Compiled {
  /** Types of its outputs as far as they are known, which may differ from the declared ones. */
  outputTypes: (ValueType | undefined)[];
}

/**
 * Compiles a model that was read with its weights.
 * @param folded - values computed in advance, by name: the nodes that make them are left out
 * @throws NotCovered for the first operator or attribute that no kernel computes
 */
export function compileModel(
  { proto }: OnnxModel,
  external: readonly ExternalFile[],
  folded: ReadonlyMap<string, ConstantValue> = new Map(),
): CompiledModel {
  const graph = inlineFunctions(proto);
  if (graph === undefined) {
    throw new NotCovered('model', 'it has no graph');
  }
  const constants: Constant[] = [];
  // Graphs inside others use the constants of those around them.
  const places = new Map<ConstantValue, number>();
  const weights = startWeights();
  const lowering: Lowering = {
    opsets: new Map(proto.opsetImport.map(({ domain, version }) => [domainOf(domain), Number(version)])),
    readTensor: tensorReader(external),
    weights,
    addConstant: value => {
      const place = places.get(value) ?? constants.push(weights.constant(value)) - 1;
      places.set(value, place);
      return place;
    },
  };
  const isFolded = ({ output }: NodeProto) => output.every(name => name === '' || folded.has(name));
  const rest = { ...graph, node: graph.node.filter(node => !isFolded(node)) };
  const { graph: lowered, types } = lowerGraph(rest, lowering, name => {
    const constant = folded.get(name);
    return constant && { type: constant.type, constant };
  });
  const { inputs, outputs } = readSignature(proto);
  const file = weights.finish(WEIGHTS_FILE);
  const view = ({ type, offset, length }: Section) =>
    new arrayTypes[type](file.bytes.buffer as ArrayBuffer, offset, length);
  return {
    program: {
      version: 1,
      weights: file.weights,
      inputs: inputs.map(({ name }) => name),
      outputs: outputs.map(({ name }) => name),
      constants,
      graph: fuseEncoders({ graph: lowered, constants, view }),
    },
    weights: file.bytes,
    outputTypes: types,
  };
}
