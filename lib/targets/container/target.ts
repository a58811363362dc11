import { httpChunks } from '../../contract/chunks.ts';
import { LINUX_SYSTEMS } from '../linux-system.ts';
import type { Target } from '../target.ts';

const system = LINUX_SYSTEMS['debian-12'];

/**
 * A server for every platform that runs containers: Cloud Run, SageMaker, Vertex AI, Azure ML, Kubernetes, Docker.
 *
 * An image only adds `function/` to a base with Node, and no zip is written. `node index.mjs [serve]` starts the
 * server, in any folder; `node index.mjs job` scores a bucket's objects; `score` and `verify` are commands without a
 * server. `partOf` divides the files into:
 *
 * - engine: `coldpress-onnxruntime-VERSION-ARCH/`, absent if the model is compiled; `node_modules/`, the packages of
 *   the score that are not in the bundle
 * - weights: `model/`
 * - code: all others, among them `index.mjs`, `coldpress.json` and `assets/`
 */
export const container: Target = {
  name: 'container',
  title: 'a container',
  entry: 'server',
  receivesEvents: false,
  chunks: [...httpChunks, 'objects/job', 'platform/command-line'],
  handler: 'index.mjs',
  build: 'none',
  archive: 'none',
  // x64 first: Cloud Run and Vertex AI only have x64.
  architectures: ['x64', 'arm64'],
  // The oldest Debian in Node's own images and in distroless images of these versions.
  runtimes: [
    { id: 'node24', nodeMajor: 24, system },
    { id: 'node22', nodeMajor: 22, system },
  ],
  native: ['inline'],
  // Registries and platforms differ; none has a limit below what Node can load.
  unzippedLimitBytes: undefined,
};
