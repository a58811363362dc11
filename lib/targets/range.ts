import { ColdpressError } from '../errors.ts';

/** Bounds, both inclusive. */
export type Range = readonly [least: number, most: number];

/**
 * @param option - the option in the user's spelling
 * @param options.isWhole - whether only whole numbers are allowed (default: true)
 * @throws ColdpressError OPTION_OUT_OF_RANGE
 */
export function checkRange(
  option: string,
  value: number,
  { range: [least, most], unit, isWhole = true }: { range: Range; unit?: string; isWhole?: boolean },
): number {
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) {
    return value;
  }
  throw new ColdpressError('OPTION_OUT_OF_RANGE', `${option} is ${value}`, {
    hint: `${isWhole ? 'a whole number' : 'a number'} from ${least} to ${most}${unit === undefined ? '' : ` ${unit}`}`,
  });
}
