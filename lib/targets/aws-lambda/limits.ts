import type { Range } from '../range.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const awsLambdaLimits = {
  memoryMb: [128, 10_240],
  timeoutSeconds: [1, 900],
  layers: 5,
  /** Of function and layers together: 250 MB, which are MiB. */
  unzippedBytes: 262_144_000,
  /** Of an image, unpacked. */
  imageBytes: 10 * 2 ** 30,
  /** Of a zip that is uploaded directly, not through S3. */
  directUploadBytes: 50 * 2 ** 20,
  /** Of an event that nobody waits for the answer of. */
  eventBytes: 1_048_576,
} as const satisfies Record<string, Range | number>;

/** No function of any target has more memory for what a model may ask of it. */
export const mostMemoryBytes = awsLambdaLimits.memoryMb[1] * 2 ** 20;
