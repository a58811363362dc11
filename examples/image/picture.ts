import { decode } from 'jpeg-js';

/** Red, green and blue of each pixel, row by row. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A few bytes of JPEG may say that they are a wall of pixels: what is refused here is never allocated. */
const limits = { maxResolutionInMP: 12, maxMemoryUsageInMB: 256 } as const;

/** @throws Error for what is no JPEG, or too great a one */
export function decodeJpeg(bytes: Uint8Array): Picture {
  return decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, ...limits });
}

/**
 * Scales a picture to `size` by `size` and writes it to `out` as planes of red, green and blue, from 0 to 1. Each new
 * pixel is the mean of those that it covers: picking single ones would make patterns of its own out of fine ones.
 */
export function writePlanes({ width, height, data }: Picture, size: number, out: Float32Array): void {
  for (let y = 0; y < size; y++) {
    const [top, bottom] = span(y, size, height);
    for (let x = 0; x < size; x++) {
      const [left, right] = span(x, size, width);
      const scale = 1 / (255 * (bottom - top) * (right - left));
      for (let colour = 0; colour < 3; colour++) {
        let sum = 0;
        for (let row = top; row < bottom; row++) {
          for (let column = left; column < right; column++) {
            sum += data[3 * (row * width + column) + colour]!;
          }
        }
        out[(colour * size + y) * size + x] = sum * scale;
      }
    }
  }
}

/** The pixels that the new one at `index` covers: at least one. */
function span(index: number, size: number, length: number): [start: number, end: number] {
  const start = Math.floor((index * length) / size);
  return [start, Math.max(start + 1, Math.floor(((index + 1) * length) / size))];
}
