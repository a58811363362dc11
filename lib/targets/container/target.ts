import { httpChunks } from '../../contract/chunks.ts';
import { LINUX_SYSTEMS } from '../linux-system.ts';
import type { Target } from '../target.ts';

const system = LINUX_SYSTEMS['debian-12'];

/**
 * A server for every platform that runs containers: Cloud Run, SageMaker, Vertex AI, Azure ML, Kubernetes, Docker.
 *
 * `function/` is all that an image adds to a base with Node, and no zip is written. `node index.mjs [serve]` starts it,
 * in whichever folder it is; `node index.mjs job` scores a bucket's objects; `score` and
 * `verify` are commands without a server. What a file is of, by `partOf`:
 *
 * - engine: `coldpress-onnxruntime-VERSION-ARCH/`, absent where the model is compiled; `node_modules/`, the packages of the
 *   score that stay outside of the bundle
 * - weights: `model/`
 * - code: all others, among them `index.mjs`, `coldpress.json` and `assets/`
 */
export const container: Target = {
  name: 'container',
  title: 'a container',
  entry: 'server',
  takesEvents: false,
  chunks: [...httpChunks, 'objects/job', 'platform/command-line'],
  handler: 'index.mjs',
  build: 'none',
  archive: 'none',
  // x64 first: Cloud Run and Vertex AI have no other.
  architectures: ['x64', 'arm64'],
  // The oldest Debian that Node's own images and distroless ones of these versions are made of.
  runtimes: [
    { id: 'node24', nodeMajor: 24, system },
    { id: 'node22', nodeMajor: 22, system },
  ],
  native: ['inline'],
  // Registries and platforms differ; none of them limits what Node could still load.
  unzippedLimitBytes: undefined,
};
