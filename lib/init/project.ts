import type { Signature } from '../contract/manifest.ts';
import type { TargetName } from '../targets/names.ts';

/** The platforms of functions, and what can trigger them there. */
export const triggers = {
  'aws-lambda': ['http', 'sqs', 's3', 'schedule'],
  gcf: ['http', 'pubsub', 'gcs'],
  container: ['http'],
} as const satisfies Record<TargetName, readonly string[]>;

export type InitTarget = TargetName;
export type InitTrigger = (typeof triggers)[InitTarget][number];

/** The data from which every file of a new project is written. */
export interface Project {
  /** Name of the package, the function and the model. */
  name: string;
  /** The model, relative to the project's folder, with forward slashes. */
  model: string;
  /** The inputs and outputs of the packed model. */
  signature: Signature;
  /** Names of the columns of the only input. */
  features?: string[] | undefined;
  /** The values in the samples, by field of a record. */
  fields?: ReadonlyMap<string, FieldFacts> | undefined;
  /** The first record of the samples. */
  record?: Record<string, unknown> | undefined;
  /** The file of samples, relative to the project's folder, with forward slashes. */
  samples?: string | undefined;
  /** Whether there is a `score.ts`. */
  hasScore: boolean;
  /** Whether cdk.json runs another CDK app, so the command line names this one. @default false */
  hasOtherApp?: boolean;
  target: InitTarget;
  trigger: InitTrigger;
  /** The version of coldpress from which the project's version range is derived. */
  version: string;
}

/** The range or choices of a field's values in the available data. */
export type FieldFacts =
  | { kind: 'range'; least: number; greatest: number }
  | { kind: 'choices'; values: string[] };
