import { awsLambda } from './aws-lambda/target.ts';
import { container } from './container/target.ts';
import { gcf } from './gcf/target.ts';
import type { Target } from './target.ts';

/** Every target, the default first. */
export const targets: readonly [Target, ...Target[]] = [awsLambda, gcf, container];
