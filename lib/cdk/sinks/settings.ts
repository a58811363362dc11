import type { Setting } from '../../manifest.ts';
import type { OnnxFunction } from '../function.ts';

/** A setting that is taken from the environment gets its value there; one that is written out has it. */
export function wireSetting(fn: OnnxFunction, setting: Setting, value: string): void {
  if (typeof setting !== 'string') {
    fn.addEnvironment(setting.env, value);
  }
}
