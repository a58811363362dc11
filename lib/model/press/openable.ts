import type { EngineSettings, SessionOptions } from '../../contract/manifest.ts';

/** What an engine needs to open a model. */
export interface Openable {
  /** @default 'onnxruntime' */
  engine?: EngineSettings['name'];
  /** Path of the model; for a compiled model, of its program. */
  path: string;
  options: SessionOptions;
  env: Record<string, string>;
}
