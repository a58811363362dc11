import { httpChunks } from '../../contract/chunks.ts';
import { LINUX_SYSTEMS } from '../linux-system.ts';
import type { Target } from '../target.ts';

/** Cloud Run functions, deployed through either of their two APIs. */
export const gcf: Target = {
  name: 'gcf',
  title: 'Cloud Run functions',
  entry: 'gcf',
  receivesEvents: true,
  chunks: httpChunks,
  // The module also exports `event`; the deployment chooses between the two.
  handler: 'http',
  build: 'nodejs-buildpack',
  archive: 'zip',
  architectures: ['x64'],
  // https://cloud.google.com/functions/docs/runtime-support: 24 runs on Ubuntu 24.04, 22 on 22.04.
  runtimes: [
    { id: 'nodejs24', nodeMajor: 24, system: LINUX_SYSTEMS['ubuntu-24.04'] },
    { id: 'nodejs22', nodeMajor: 22, system: LINUX_SYSTEMS['ubuntu-22.04'] },
  ],
  native: ['inline'],
  // https://cloud.google.com/functions/quotas: 100 and 500 MB are limits of the 1st generation; the 2nd states none.
  unzippedLimitBytes: undefined,
};
