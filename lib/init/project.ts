import type { Signature } from '../contract/manifest.ts';
import type { TargetName } from '../targets/names.ts';

/** Where the function runs, and what calls it there. */
export const triggers = {
  'aws-lambda': ['http', 'sqs', 's3', 'schedule'],
  gcf: ['http', 'pubsub', 'gcs'],
  container: ['http'],
} as const satisfies Record<TargetName, readonly string[]>;

export type InitTarget = TargetName;
export type InitTrigger = (typeof triggers)[InitTarget][number];

/** What every file of a new project is written from. */
export interface Project {
  /** Of the package, the function and the model. */
  name: string;
  /** The model, relative to the project's folder, with forward slashes. */
  model: string;
  /** What the packed model takes and gives. */
  signature: Signature;
  /** Names of the columns of the only input. */
  features?: string[] | undefined;
  /** What the samples have, by the name of a field of a record. */
  fields?: ReadonlyMap<string, FieldFacts> | undefined;
  /** The first record of the samples. */
  record?: Record<string, unknown> | undefined;
  /** The file of samples, relative to the project's folder, with forward slashes. */
  samples?: string | undefined;
  /** Whether there is a `score.ts`. */
  hasScore: boolean;
  target: InitTarget;
  trigger: InitTrigger;
  /** Of coldpress; the project asks for its range. */
  version: string;
}

/** What the values of a field are, in the data that is there. */
export type FieldFacts =
  | { kind: 'range'; least: number; greatest: number }
  | { kind: 'choices'; values: string[] };
