import type { Manifest } from '../../contract/manifest.ts';
import type { ColdpressFunction } from '../function.ts';

/** The inputs of a command; only commands that need the function open it. */
export interface CommandScope {
  dir: string;
  manifest(): Manifest;
  open(): ColdpressFunction;
  process: NodeJS.Process;
}
