import type { EngineSettings, SessionOptions } from '../../contract/manifest.ts';

/** A model as the engine opens it. */
export interface Openable {
  /** @default 'onnxruntime' */
  engine?: EngineSettings['name'];
  /** Of a compiled model, its program. */
  path: string;
  options: SessionOptions;
  env: Record<string, string>;
}
