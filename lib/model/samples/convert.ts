import { type Datatype, isBigInt, isFloat } from '../../contract/datatypes.ts';

const booleans = new Map([
  ['true', 1],
  ['false', 0],
  ['1', 1],
  ['0', 0],
]);

/** A value from a file as what a tensor of the datatype holds, or `undefined` where it cannot hold it. */
export function convertTo(datatype: Datatype, value: unknown): unknown {
  const text = String(value);
  if (datatype === 'BYTES') {
    return typeof value === 'object' ? undefined : text;
  }
  if (datatype === 'BOOL') {
    return booleans.get(text.toLowerCase());
  }
  if (isFloat(datatype)) {
    return toNumber(text);
  }
  // JSON has rounded a larger one already.
  const exact = typeof value !== 'number' || Number.isSafeInteger(value);
  const whole = exact ? toWhole(text, datatype) : undefined;
  return whole === undefined || isBigInt(datatype) ? whole : Number(whole);
}

/** A typed array would wrap what lies out of its range, and cut a fraction off. */
function toWhole(text: string, datatype: Datatype): bigint | undefined {
  if (!/^-?\d+(\.0+)?$/.test(text)) {
    return undefined;
  }
  const whole = BigInt(text.replace(/\..*/, ''));
  const bits = Number(datatype.replace(/\D/g, ''));
  const fitting = datatype.startsWith('U') ? BigInt.asUintN(bits, whole) : BigInt.asIntN(bits, whole);
  return fitting === whole ? whole : undefined;
}

function toNumber(text: string): number | undefined {
  const number =
    /^nan$/i.test(text) || text === '' ? Number.NaN : Number(text.replace(/^([+-]?)inf$/i, '$1Infinity'));
  return Number.isNaN(number) && !/^(nan)?$/i.test(text) ? undefined : number;
}
