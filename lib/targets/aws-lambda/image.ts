import type { Target } from '../target.ts';
import { awsLambdaLimits } from './limits.ts';
import { awsLambda } from './target.ts';

/** AWS Lambda with a container image whose base includes Node. Models may use the size limit of Lambda's images. */
export const awsLambdaImage: Target = {
  ...awsLambda,
  title: 'an image for AWS Lambda',
  archive: 'none',
  native: ['inline'],
  unzippedLimitBytes: awsLambdaLimits.imageBytes,
};
