/** How a window moves over the spatial axes of a tensor in Conv and the pooling operators. */
export interface WindowSettings {
  /** `NOTSET`, `VALID`, `SAME_UPPER` or `SAME_LOWER`. */
  autoPad: string;
  /** The padding before each axis, then after each axis; empty: none. */
  pads: number[];
  strides: number[];
  dilations: number[];
  /** Whether the last window may extend beyond the padding. */
  ceil?: boolean;
}

/** One spatial axis: sizes in elements. */
export interface WindowAxis {
  size: number;
  kernel: number;
  stride: number;
  dilation: number;
  before: number;
  behind: number;
  outSize: number;
  /** For each position, the places of the window within the input: from `first` up to `end`, exclusive. */
  first: Int32Array;
  end: Int32Array;
}

/**
 * Plans the windows of each axis.
 * @param sizes - the sizes of the spatial axes
 * @param kernel - the sizes of the window
 * @throws Error if the window does not fit
 */
export function planWindow(
  operator: string,
  sizes: readonly number[],
  kernel: readonly number[],
  { autoPad, pads, strides, dilations, ceil = false }: WindowSettings,
): WindowAxis[] {
  if (sizes.length !== kernel.length) {
    throw new Error(
      `${operator}: the input has ${sizes.length} spatial dimensions, the window ${kernel.length}`,
    );
  }
  return sizes.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    const dilation = dilations[axis] ?? 1;
    const reach = dilation * (kernel[axis]! - 1) + 1;
    const [before, behind] = padsOf(autoPad, { size, stride, reach }, [
      pads[axis] ?? 0,
      pads[axis + sizes.length] ?? 0,
    ]);
    const steps = (size + before + behind - reach) / stride;
    let outSize = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
    if (ceil && (outSize - 1) * stride >= size + before) {
      // A window that would begin in the trailing padding is omitted.
      outSize--;
    }
    if (size + before + behind < reach) {
      throw new Error(`${operator}: a window of ${reach} does not fit a dimension of ${size}`);
    }
    return withRanges({ size, kernel: kernel[axis]!, stride, dilation, before, behind, outSize });
  });
}

function padsOf(
  autoPad: string,
  { size, stride, reach }: { size: number; stride: number; reach: number },
  given: [number, number],
): [before: number, behind: number] {
  if (autoPad === 'NOTSET') {
    return given;
  }
  if (autoPad === 'VALID') {
    return [0, 0];
  }
  const all = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
  const less = Math.floor(all / 2);
  return autoPad === 'SAME_LOWER' ? [all - less, less] : [less, all - less];
}

function withRanges(axis: Omit<WindowAxis, 'first' | 'end'>): WindowAxis {
  const { size, kernel, stride, dilation, before, outSize } = axis;
  const first = new Int32Array(outSize);
  const end = new Int32Array(outSize);
  for (let position = 0; position < outSize; position++) {
    const start = position * stride - before;
    first[position] = start < 0 ? Math.ceil(-start / dilation) : 0;
    end[position] = Math.max(first[position]!, Math.min(kernel, Math.ceil((size - start) / dilation)));
  }
  return { ...axis, first, end };
}

/** Returns three axes, adding missing ones of size 1 in front, so that loops have a fixed depth. */
export function threeAxes(axes: readonly WindowAxis[]): [WindowAxis, WindowAxis, WindowAxis] {
  const one = withRanges({
    size: 1,
    kernel: 1,
    stride: 1,
    dilation: 1,
    before: 0,
    behind: 0,
    outSize: 1,
  });
  return [...Array.from({ length: 3 - axes.length }, () => one), ...axes] as [
    WindowAxis,
    WindowAxis,
    WindowAxis,
  ];
}
