import { expect, test } from 'vitest';
import { fromFloat16Bits, toFloat16Bits } from '../../lib/contract/float16.ts';

const view = new DataView(new ArrayBuffer(2));

test('every float16 is read as V8 reads it', () => {
  for (let bits = 0; bits < 65_536; bits++) {
    view.setUint16(0, bits);
    expect(fromFloat16Bits(bits)).toBe(view.getFloat16(0));
  }
});

test('numbers are rounded to float16 as V8 rounds them', () => {
  const halfway = Array.from(
    { length: 65_536 },
    (_, bits) => (fromFloat16Bits(bits) + fromFloat16Bits(bits + 1)) / 2,
  );
  const others = [65_519.99, 65_520, -65_520, 1e-8, -1e-8, 2 ** -25, 2 ** -24 * 1.5, 0.1, 1 / 3, 1e300, -0];
  for (const value of [...halfway, ...others]) {
    view.setFloat16(0, value);
    if (!Number.isNaN(value)) {
      expect([value, toFloat16Bits(value)]).toEqual([value, view.getUint16(0)]);
    }
  }
  expect(fromFloat16Bits(toFloat16Bits(Number.NaN))).toBeNaN();
});
