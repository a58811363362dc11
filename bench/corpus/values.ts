/** The values of the corpus' io.json: raw little-endian bytes of any ONNX type, as plain numbers, bigints, strings. */

export type IoValue =
  | { kind: 'tensor'; type: string; dims: number[]; b64?: string; strings?: string[] }
  | { kind: 'sequence'; elems: IoValue[] }
  | { kind: 'map'; entries: [string | number, number][] }
  | { kind: 'optional'; value: IoValue | null };

export type Scalar = number | bigint | string;

/** The elements of a tensor in row-major order. */
export function readElements({ type, dims, b64, strings }: IoValue & { kind: 'tensor' }): Scalar[] {
  if (strings !== undefined) {
    return strings;
  }
  const bytes = Buffer.from(b64 ?? '', 'base64');
  const count = dims.reduce((product, size) => product * size, 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => readElement(view, type, index));
}

function readElement(view: DataView, type: string, i: number): Scalar {
  switch (type) {
    case 'float32':
      return view.getFloat32(i * 4, true);
    case 'float64':
      return view.getFloat64(i * 8, true);
    case 'float16':
      return view.getFloat16(i * 2, true);
    case 'bfloat16':
      return bfloat16(view.getUint16(i * 2, true));
    case 'int64':
      return view.getBigInt64(i * 8, true);
    case 'uint64':
      return view.getBigUint64(i * 8, true);
    case 'int32':
      return view.getInt32(i * 4, true);
    case 'uint32':
      return view.getUint32(i * 4, true);
    case 'int16':
      return view.getInt16(i * 2, true);
    case 'uint16':
      return view.getUint16(i * 2, true);
    case 'int8':
      return view.getInt8(i);
    case 'uint8':
    case 'bool':
      return view.getUint8(i);
    case 'uint4':
      return bits(view, i, 4);
    case 'int4':
      return signed(bits(view, i, 4), 4);
    case 'uint2':
      return bits(view, i, 2);
    case 'int2':
      return signed(bits(view, i, 2), 2);
    case 'float4e2m1':
      return [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6][bits(view, i, 4)]!;
    case 'float8e8m0':
      return view.getUint8(i) === 0xff ? Number.NaN : 2 ** (view.getUint8(i) - 127);
    default:
      return float8(type, view.getUint8(i));
  }
}

/** Elements smaller than a byte are packed, with the first in the low bits. */
function bits(view: DataView, index: number, width: number): number {
  const perByte = 8 / width;
  const byte = view.getUint8(Math.floor(index / perByte));
  return (byte >> (width * (index % perByte))) & ((1 << width) - 1);
}

function signed(value: number, width: number): number {
  return value >= 1 << (width - 1) ? value - (1 << width) : value;
}

function bfloat16(half: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, half << 16);
  return view.getFloat32(0);
}

/** https://onnx.ai/onnx/technical/float8.html */
const float8Formats: Record<
  string,
  { mantissa: number; bias: number; nan: (byte: number) => boolean; inf?: number }
> = {
  float8e4m3fn: { mantissa: 3, bias: 7, nan: byte => (byte & 0x7f) === 0x7f },
  float8e4m3fnuz: { mantissa: 3, bias: 8, nan: byte => byte === 0x80 },
  float8e5m2: { mantissa: 2, bias: 15, nan: byte => (byte & 0x7f) > 0x7c, inf: 0x7c },
  float8e5m2fnuz: { mantissa: 2, bias: 16, nan: byte => byte === 0x80 },
};

function float8(type: string, byte: number): number {
  const format = float8Formats[type];
  if (format === undefined) {
    throw new Error(`io.json has a tensor of type ${type}`);
  }
  if (format.nan(byte)) {
    return Number.NaN;
  }
  const sign = byte & 0x80 ? -1 : 1;
  if ((byte & 0x7f) === format.inf) {
    return sign * Number.POSITIVE_INFINITY;
  }
  const exponent = (byte & 0x7f) >> format.mantissa;
  const fraction = (byte & ((1 << format.mantissa) - 1)) / (1 << format.mantissa);
  return exponent === 0
    ? sign * fraction * 2 ** (1 - format.bias)
    : sign * (1 + fraction) * 2 ** (exponent - format.bias);
}
