import type { Pain } from '../pain.ts';
import { bundlingPains } from './bundling.ts';
import { containerPains } from './containers.ts';
import { installPains } from './install.ts';
import { operationsPains } from './operations.ts';
import { runTimePains } from './run-time.ts';

/** All known pains. */
export const pains: readonly Pain[] = [
  ...installPains,
  ...bundlingPains,
  ...runTimePains,
  ...operationsPains,
  ...containerPains,
];
