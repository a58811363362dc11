import type { Manifest } from '../../contract/manifest.ts';
import type { ColdpressFunction } from '../function.ts';

/** What a command works with; the function is opened only by one that needs it. */
export interface CommandScope {
  dir: string;
  manifest(): Manifest;
  open(): ColdpressFunction;
  process: NodeJS.Process;
}
