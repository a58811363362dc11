import type { PortableModel } from './portable.ts';

/** `coldpress compile` replaces this with the model's program, its signature, and weights if they are inline. */
export const model: PortableModel = {
  name: '',
  version: '',
  signature: { inputs: [], outputs: [] },
  program: {
    version: 1,
    weights: { path: '', sizeBytes: 0, checksum: 0, crc32: 0 },
    inputs: [],
    outputs: [],
    constants: [],
    graph: { slots: 0, constants: [], inputs: [], outputs: [], steps: [] },
  },
};

/** The weights in base64; `undefined` if they are in a file. */
export const inlineWeights: string | undefined = undefined;
