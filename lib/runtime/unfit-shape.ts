import { RequestError } from './errors.ts';

/** The one answer to inputs of shapes that an operator is not asked to compute. */
export function unfitShape(operator: string): RequestError {
  return new RequestError(
    400,
    'SHAPE',
    `the model's ${operator} does not stand the shape or size of these inputs`,
  );
}
