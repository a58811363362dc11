import type { EngineSettings } from '../../contract/manifest.ts';
import type { ModelProto, TypeProto } from '../onnx_pb.ts';

/** What ONNX Runtime said when it opened the model as it was rewritten before. */
export interface EngineFacts {
  engine: EngineSettings['name'];
  /** Operators that it has no kernel for, with the types that they have in this model. */
  lacking: ReadonlySet<string>;
  /** Types that it inferred for outputs that the model declares none for, by name. */
  outputTypes: ReadonlyMap<string, TypeProto>;
  /** ONNX's numbers of the element types that values have in truth, by name, where the model declares others. */
  mistyped: ReadonlyMap<string, number>;
}

/** What a pass works on. It changes `proto` in place and adds what it learnt. */
export interface PassContext {
  proto: ModelProto;
  facts: EngineFacts;
  /** Names of columns, by the output that has them. */
  labels: Map<string, (string | number)[]>;
  /** Names of the model's inputs and outputs that the engine knows by another, by that other. */
  names: Map<string, string>;
  /** Environment variables that ONNX Runtime must see before it opens the rewritten model. */
  env: Record<string, string>;
}

/** One rewrite that lets ONNX Runtime's Node binding run a model with the same results. */
export interface Pass {
  name: string;
  /** The engine that needs it. @default both: it changes what the model takes or gives, or says */
  engine?: 'onnxruntime';
  /** Rewrites the model; returns why, for the report, or `undefined` where there was nothing to do. */
  apply(context: PassContext): string | undefined;
}
