export type IntegerType = 'uint8' | 'int8' | 'uint16' | 'int16';

const ranges: Record<IntegerType, [least: number, most: number]> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
};

/** Rounds as IEEE 754 does: of two equally near integers, to the even one. */
export function roundEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** NaN is the least number, as for ONNX Runtime on x64. */
export function saturate(value: number, type: IntegerType): number {
  const [least, most] = ranges[type];
  return value > least ? Math.min(most, value) : least;
}

/** Rounds a sum of products in units of `scale` to a number of the output's type, as ONNX Runtime does. */
export function requantize(
  sum: number,
  scale: number,
  { zero, type }: { zero: number; type: IntegerType },
): number {
  return saturate(roundEven(Math.fround(Math.fround(sum) * scale)) + zero, type);
}
