import { defineScore, tensor } from 'coldpress/runtime';
import * as v from 'valibot';
import type { Model } from './model.onnx.d.ts';
import { decodeJpeg, type Picture, writePlanes } from './picture.ts';

/** In the order of the model's output; `train.py` draws them. */
const PATTERNS = ['plain', 'stripes', 'checks', 'dots'] as const;
const SIZE = 64;
const PIXELS = 3 * SIZE * SIZE;

/**
 * JSON has no bytes, so a picture comes as base64. It is decoded in the schema: one that cannot be read fails alone,
 * and says so by the field's name.
 */
const picture = v.pipe(
  v.string(),
  v.base64(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Picture => {
    try {
      return decodeJpeg(Buffer.from(dataset.value, 'base64'));
    } catch (error) {
      addIssue({ message: `not a JPEG that can be read: ${(error as Error).message}` });
      return NEVER;
    }
  }),
);

export default defineScore<Model>()({
  record: v.object({ image: picture }),

  encode: records => {
    const data = new Float32Array(records.length * PIXELS);
    for (const [row, { image }] of records.entries()) {
      writePlanes(image, SIZE, data.subarray(row * PIXELS, (row + 1) * PIXELS));
    }
    return { image: tensor('FP32', [records.length, 3, SIZE, SIZE], data) };
  },

  decode: (outputs, records) =>
    records.map((_, row) => {
      const start = row * PATTERNS.length;
      const scores = outputs.probabilities.data.subarray(start, start + PATTERNS.length);
      const best = scores.indexOf(Math.max(...scores));
      return { pattern: PATTERNS[best], probability: scores[best] };
    }),
});
