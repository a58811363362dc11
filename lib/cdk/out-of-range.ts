import { Token } from 'aws-cdk-lib';

/** Whether Lambda would refuse a whole number. One that only CloudFormation knows, as a parameter of the stack, passes. */
export function isOutOfRange(value: number | undefined, [least, most]: readonly [number, number]): boolean {
  return (
    value !== undefined &&
    !Token.isUnresolved(value) &&
    !(Number.isInteger(value) && value >= least && value <= most)
  );
}
