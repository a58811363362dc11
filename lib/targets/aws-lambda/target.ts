import { httpChunks } from '../../contract/chunks.ts';
import { LINUX_SYSTEMS } from '../linux-system.ts';
import type { Target } from '../target.ts';
import { awsLambdaLimits } from './limits.ts';

const system = LINUX_SYSTEMS['amazon-linux-2023'];

export const awsLambda: Target = {
  name: 'aws-lambda',
  title: 'AWS Lambda',
  entry: 'aws-lambda',
  streamingEntry: 'aws-lambda-stream',
  receivesEvents: true,
  chunks: ['sources/events', ...httpChunks],
  handler: 'index.handler',
  build: 'none',
  archive: 'zip',
  // arm64 first: it is cheaper per GB-second, has a smaller native library, and starts faster.
  architectures: ['arm64', 'x64'],
  runtimes: [
    { id: 'nodejs24.x', nodeMajor: 24, system },
    { id: 'nodejs22.x', nodeMajor: 22, system },
  ],
  native: ['layer', 'inline'],
  unzippedLimitBytes: awsLambdaLimits.unzippedBytes,
};
