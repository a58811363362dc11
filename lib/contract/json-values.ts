/** The spellings of docs/values.md for numbers that JSON cannot represent. */

export function bigIntToJson(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

export function floatToJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
