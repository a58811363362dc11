import type { Signature } from '../contract/manifest.ts';

/** Where the function runs, and what calls it there. */
export const triggers = {
  aws: ['http', 'sqs', 's3', 'schedule'],
  gcf: ['http', 'pubsub', 'gcs'],
  container: ['http'],
} as const;

export type InitTarget = keyof typeof triggers;
export type InitTrigger = (typeof triggers)[InitTarget][number];

/** What every file of a new project is written from. */
export interface Project {
  /** Of the package, the function and the model. */
  name: string;
  /** The model, relative to the project's folder, with forward slashes. */
  model: string;
  /** What the packed model takes and gives. */
  signature: Signature;
  /** Names of the columns of the only input, of models that are boosters. */
  features?: string[] | undefined;
  target: InitTarget;
  trigger: InitTrigger;
  /** Of coldpress; the project asks for its range. */
  version: string;
}
