import { Token } from 'aws-cdk-lib';
import type { Range } from '../targets/range.ts';
import type { Problem } from './error-at.ts';

/** Whether Lambda would reject a number. Numbers that only CloudFormation knows, such as stack parameters, pass. */
export function isOutOfRange(value: number | undefined, [least, most]: Range): boolean {
  return (
    value !== undefined &&
    !Token.isUnresolved(value) &&
    !(Number.isInteger(value) && value >= least && value <= most)
  );
}

/** @param range - its upper end is Infinity if only the account limits the value */
export function rangeProblem(option: string, value: number | undefined, range: Range): Problem | undefined {
  const [least, most] = range;
  return isOutOfRange(value, range)
    ? {
        code: 'OPTION_OUT_OF_RANGE',
        message: `${option} is ${value}`,
        hint: `a whole number, ${most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`}`,
      }
    : undefined;
}
