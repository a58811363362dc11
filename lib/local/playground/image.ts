import type { TensorSpec } from '../../contract/manifest.ts';

export interface ImageShape {
  layout: 'NCHW' | 'NHWC';
  height: number;
  width: number;
  channels: 1 | 3;
}

/** The image layout of an input, if it has four dimensions of which one is the channels, 1 or 3. */
export function imageOf({ shape, datatype }: TensorSpec): ImageShape | undefined {
  if (shape?.length !== 4 || !/^(FP|UINT8)/.test(datatype)) {
    return undefined;
  }
  const [, first, second, third] = shape;
  return isChannels(first) && isSize(second) && isSize(third)
    ? { layout: 'NCHW', channels: first, height: second, width: third }
    : isChannels(third) && isSize(first) && isSize(second)
      ? { layout: 'NHWC', channels: third, height: first, width: second }
      : undefined;
}

function isChannels(size: unknown): size is 1 | 3 {
  return size === 1 || size === 3;
}

function isSize(size: unknown): size is number {
  return typeof size === 'number' && size > 3 && size <= 1024;
}
