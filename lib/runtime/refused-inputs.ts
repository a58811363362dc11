import { RequestError } from './errors.ts';

/** Returns the error for inputs that the model rejects while it runs. @param reason - begins with the operator */
export function refusedInputs(reason: string): RequestError {
  return new RequestError(400, 'RUN', `the model refused these inputs: ${reason}`);
}
