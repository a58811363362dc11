import type { Range } from '../range.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const awsLambdaLimits = {
  memoryMb: [128, 10_240],
  timeoutSeconds: [1, 900],
  layers: 5,
  /** Function and layers together: AWS's 250 MB are MiB. */
  unzippedBytes: 262_144_000,
  /** Unpacked size of an image. */
  imageBytes: 10 * 2 ** 30,
  /** Size of a zip that is uploaded directly, not through S3. */
  directUploadBytes: 50 * 2 ** 20,
  /** Size of an event that is invoked asynchronously. */
  eventBytes: 1_048_576,
} as const satisfies Record<string, Range | number>;
