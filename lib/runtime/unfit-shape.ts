import { RequestError } from './errors.ts';

/** Returns the error for inputs of shapes that an operator cannot safely compute. */
export function unfitShape(operator: string): RequestError {
  return new RequestError(
    400,
    'SHAPE',
    `the model's ${operator} cannot compute with the shape or size of these inputs`,
  );
}
