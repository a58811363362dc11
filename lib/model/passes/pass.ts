import type { EngineSettings } from '../../contract/manifest.ts';
import type { ModelProto, TypeProto } from '../onnx_pb.ts';

/** What ONNX Runtime reported when it opened an earlier rewriting of the model. */
export interface EngineFacts {
  engine: EngineSettings['name'];
  /** Operators without a kernel, with the types that they have in this model. */
  lacking: ReadonlySet<string>;
  /** Inferred types of outputs for which the model declares none, by name. */
  outputTypes: ReadonlyMap<string, TypeProto>;
  /** Actual element types of values for which the model declares others, by name, as ONNX's numbers. */
  mistyped: ReadonlyMap<string, number>;
}

/** Input and output of a pass. A pass changes `proto` in place and adds what it learnt. */
export interface PassContext {
  proto: ModelProto;
  facts: EngineFacts;
  /** Names of columns, by output. */
  labels: Map<string, (string | number)[]>;
  /** Original names of inputs and outputs, by the names that the engine uses. */
  names: Map<string, string>;
  /** Environment variables that ONNX Runtime must see before it opens the rewritten model. */
  env: Record<string, string>;
}

/** One rewrite that lets ONNX Runtime's Node binding run a model with the same results. */
export interface Pass {
  name: string;
  /** The engine that needs the pass. @default both, because it changes inputs, outputs or results */
  engine?: 'onnxruntime';
  /** Rewrites the model and returns the reason, for the report, or `undefined` if there was nothing to do. */
  apply(context: PassContext): string | undefined;
}
