import type { PortableModel } from './portable.ts';

/** What `coldpress compile` puts in its place: the model's program, its signature, and its weights where they are inline. */
export const model: PortableModel = {
  name: '',
  version: '',
  signature: { inputs: [], outputs: [] },
  program: {
    version: 1,
    weights: { path: '', sizeBytes: 0, checksum: 0 },
    inputs: [],
    outputs: [],
    constants: [],
    graph: { slots: 0, constants: [], inputs: [], outputs: [], steps: [] },
  },
};

/** In base64; `undefined` where they are in a file. */
export const inlineWeights: string | undefined = undefined;
