import type { Setting } from '../../contract/settings.ts';
import { errorAt } from '../error-at.ts';
import type { ModelFunction } from '../model-function.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const variableName = /^(?!AWS_|LAMBDA_|_)[a-zA-Z]\w+$/;

/**
 * Sets the environment variable of a setting that is read from the environment; a literal setting is left alone.
 * @throws ColdpressError VARIABLE_NAME
 */
export function wireSetting(fn: ModelFunction, setting: Setting, value: string): void {
  if (typeof setting !== 'string') {
    if (!variableName.test(setting.env)) {
      throw errorAt(fn, '', {
        code: 'VARIABLE_NAME',
        message: `the config reads a setting from the environment variable "${setting.env}", which Lambda reserves`,
        hint: 'two characters or more, letters, digits and _; AWS_ and LAMBDA_ are its own',
      });
    }
    fn.addEnvironment(setting.env, value);
  }
}
