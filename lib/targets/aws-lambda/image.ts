import type { Target } from '../target.ts';
import { awsLambdaLimits } from './limits.ts';
import { awsLambda } from './target.ts';

/** AWS Lambda by a container image, whose base has Node: a model may be as large as Lambda's images. */
export const awsLambdaImage: Target = {
  ...awsLambda,
  title: 'an image for AWS Lambda',
  archive: 'none',
  native: ['inline'],
  unzippedLimitBytes: awsLambdaLimits.imageBytes,
};
