import { type Element, isMissing, toElement } from '../../../contract/cells.ts';
import { datatypes } from '../../../contract/datatypes.ts';
import type { Datatype } from '../../../contract/manifest.ts';
import { RequestError } from '../../errors.ts';
import { show } from '../show.ts';

export interface ElementOptions {
  datatype: Datatype;
  /** The location for error messages. */
  where: string;
  /** Whether values are those of a record, in the syntax of `lib/contract/cells.ts`. @default a tensor's own syntax */
  areCells?: boolean;
  /** Names of the elements, if they have any. */
  names?: readonly string[] | undefined;
}

/** Elements being read into a tensor, part by part: nested data is read in place. */
export interface Elements extends ElementOptions {
  /** Where the part begins in the whole tensor, row-major. */
  offset: number;
}

// biome-ignore lint/suspicious/noExplicitAny: each reader knows the array of its datatypes
export type Reader = (values: readonly unknown[], out: any, elements: Elements) => void;

/** Returns the element for a record's value. @throws RequestError 400 if it is invalid, and always for tensors */
export function fromCell(value: unknown, index: number, elements: Elements): Element {
  const element = elements.areCells ? toElement(elements.datatype, value) : undefined;
  if (element === undefined) {
    throw badElement(index, value, elements);
  }
  return element;
}

export function badElement(index: number, value: unknown, elements: Elements): RequestError {
  const { datatype, where, offset, areCells, names } = elements;
  const whole = `a whole number that ${datatype} can hold`;
  const why = {
    float: `a finite number that ${datatype} can hold, or "NaN", "Infinity", "-Infinity"`,
    integer: whole,
    bigint: `${whole}; beyond 2^53 as a string of digits`,
    boolean: 'true or false',
    string: typeof value === 'string' ? 'valid Unicode without NUL' : 'a string',
  }[datatypes[datatype].json];
  const name = names?.[offset + index];
  const place =
    name === undefined ? `${where}, element ${offset + index}` : `feature ${JSON.stringify(name)}`;
  const problem = areCells && isMissing(value) ? 'is missing' : `is ${show(value)}`;
  return new RequestError(400, 'DATA', `${place} ${problem}; expected ${why}`, `${place}: expected ${why}`);
}
