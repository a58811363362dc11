import type { WindowAxis } from './window.ts';

/** Copies the content of a window, channel by channel, with zeros for the padding. */
export function copyWindow<Numbers extends Float32Array | Int16Array>(
  x: Numbers,
  xOffset: number,
  {
    window: [d, h, w],
    channels,
    position,
  }: { window: [WindowAxis, WindowAxis, WindowAxis]; channels: number; position: number },
  [rows, start]: [rows: Numbers, start: number],
): number {
  const column = position % w.outSize;
  const line = Math.floor(position / w.outSize) % h.outSize;
  const slice = Math.floor(position / (w.outSize * h.outSize));
  const [left, top, front] = [
    column * w.stride - w.before,
    line * h.stride - h.before,
    slice * d.stride - d.before,
  ];
  const [firstW, endW, dilationW] = [w.first[column]!, w.end[column]!, w.dilation];
  const [firstH, endH] = [h.first[line]!, h.end[line]!];
  const [firstD, endD] = [d.first[slice]!, d.end[slice]!];
  const places = d.kernel * h.kernel * w.kernel;
  if ((endW - firstW) * (endH - firstH) * (endD - firstD) < places) {
    rows.fill(0, start, start + channels * places);
  }
  for (let channel = 0; channel < channels; channel++) {
    const to = start + channel * places;
    const from = xOffset + channel * d.size * h.size * w.size + left;
    for (let kd = firstD; kd < endD; kd++) {
      const z = front + kd * d.dilation;
      for (let kh = firstH; kh < endH; kh++) {
        const y = top + kh * h.dilation;
        const line = from + (z * h.size + y) * w.size;
        const at = to + (kd * h.kernel + kh) * w.kernel;
        for (let kw = firstW; kw < endW; kw++) {
          rows[at + kw] = x[line + kw * dilationW]!;
        }
      }
    }
  }
  return start + channels * places;
}
