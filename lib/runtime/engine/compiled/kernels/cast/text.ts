import type { TensorType } from '../../../../../contract/tensor-data.ts';

/** Significant digits of a float in text. */
const digits: Partial<Record<TensorType, number>> = { float16: 8, float32: 8, float64: 17 };

/** Formats a number as ONNX Runtime does: floats like C's `%g`. */
export function formatNumber(value: number | bigint | string, type: TensorType): string {
  const precision = digits[type];
  if (typeof value !== 'number' || precision === undefined) {
    return String(value);
  }
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
  }
  const [mantissa, exponentText] = value.toExponential(precision - 1).split('e') as [string, string];
  const exponent = Number(exponentText);
  const sign = Object.is(value, -0) ? '-' : '';
  if (exponent < -4 || exponent >= precision) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${withoutZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  return sign + withoutZeros(value.toFixed(precision - 1 - exponent));
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const specials: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

/** @throws Error if the text does not begin with a number, or with one of more than 64 bits */
export function parseNumber(text: string, to: TensorType): number | bigint {
  if (!to.startsWith('float')) {
    return parseInteger(text, to.startsWith('uint'));
  }
  const special = specials[text.trim().toLowerCase()];
  return special ?? Number(leading(text, /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i));
}

/** Parses like C's strtoll and strtoull; the latter also accepts negative numbers. */
function parseInteger(text: string, isUnsigned: boolean): bigint {
  const value = BigInt(
    leading(text, /^\s*[-+]?\d+/)
      .trim()
      .replace(/^\+/, ''),
  );
  const size = value < 0 ? -value : value;
  const isWithin = isUnsigned ? size === BigInt.asUintN(64, size) : value === BigInt.asIntN(64, value);
  if (!isWithin) {
    throw new Error('Cast: a string is a number of more than 64 bits');
  }
  return value;
}

function leading(text: string, number: RegExp): string {
  const found = number.exec(text)?.[0];
  if (found === undefined) {
    throw new Error('Cast: a string is not a number');
  }
  return found;
}
