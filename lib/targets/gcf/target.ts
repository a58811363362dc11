import { httpChunks } from '../../contract/chunks.ts';
import { LINUX_SYSTEMS } from '../linux-system.ts';
import type { Target } from '../target.ts';

/** Cloud Run functions, by whichever of their two APIs they are deployed. */
export const gcf: Target = {
  name: 'gcf',
  title: 'Cloud Run functions',
  entry: 'gcf',
  takesEvents: true,
  chunks: httpChunks,
  // The entry has `event` beside it: which of them is called is said when the function is deployed.
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
  // https://cloud.google.com/functions/quotas: 100 and 500 MB are the 1st generation's; for the 2nd none is stated.
  unzippedLimitBytes: undefined,
};
