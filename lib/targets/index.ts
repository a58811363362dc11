import { awsLambda } from './aws-lambda.ts';
import { gcf } from './gcf.ts';
import type { Target } from './target.ts';

/** Every target, the default first. */
export const targets: readonly [Target, ...Target[]] = [awsLambda, gcf];
