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
 * Plans the windows of each axis of a convolution.
 * @param sizes - the sizes of the spatial axes
 * @param kernel - the sizes of the window
 * @throws Error if the window does not fit
 */
export function planWindow(
  operator: string,
  sizes: readonly number[],
  kernel: readonly number[],
  settings: WindowSettings,
): WindowAxis[] {
  if (settings.autoPad.startsWith('SAME') && settings.dilations.some(dilation => dilation !== 1)) {
    throw new Error(`${operator}: ${settings.autoPad} is not defined for dilated windows`);
  }
  return planAxes(operator, { sizes, kernel, settings, spared: 1 }, extent => {
    const { size, reach, stride, before, behind } = extent;
    if (size + before + behind < reach) {
      throw new Error(`${operator}: a window of ${reach} does not fit a dimension of ${size}`);
    }
    return Math.floor((size + before + behind - reach) / stride) + 1;
  });
}

/**
 * Plans the windows of each axis of a pooling operator. Unlike a convolution, ONNX Runtime answers where a window
 * is larger than the padded input: it rounds towards zero.
 * @throws Error if the input has images of no elements, or the window is too large
 */
export function planPool(
  operator: string,
  dims: readonly number[],
  kernel: readonly number[],
  settings: WindowSettings,
): WindowAxis[] {
  if (dims[0] !== 0 && dims.includes(0)) {
    throw new Error(`${operator}: an input of [${dims.join(', ')}] has no elements`);
  }
  return planAxes(operator, { sizes: dims.slice(2), kernel, settings, spared: 0 }, extent => {
    const { size, reach, stride, before, behind } = extent;
    const steps = (size + before + behind - reach) / stride;
    let outSize = (settings.ceil ? Math.ceil(steps) : Math.trunc(steps)) + 1;
    if (settings.ceil && (outSize - 1) * stride >= size + before) {
      // A window that would begin in the trailing padding is omitted.
      outSize--;
    }
    if (outSize < 0) {
      throw new Error(`${operator}: a window of ${reach} does not fit a dimension of ${size}`);
    }
    return outSize;
  });
}

/** ONNX Runtime's fast kernels of pooling accept no negative padding, which SAME makes of wide strides. */
export function refuseNegativePads(operator: string, axes: readonly WindowAxis[]): void {
  if (axes.some(({ before, behind }) => before < 0 || behind < 0)) {
    throw new Error(`${operator}: the stride is wider than the window and skips elements at the edges`);
  }
}

type Extent = Pick<WindowAxis, 'size' | 'stride' | 'before' | 'behind'> & {
  /** The elements from the first to the last of a window. */
  reach: number;
};

function planAxes(
  operator: string,
  {
    sizes,
    kernel,
    settings: { autoPad, pads, strides, dilations },
    spared,
  }: {
    sizes: readonly number[];
    kernel: readonly number[];
    settings: WindowSettings;
    /** How many of the elements that SAME would skip are not skipped. */
    spared: number;
  },
  count: (extent: Extent) => number,
): WindowAxis[] {
  if (sizes.length !== kernel.length) {
    throw new Error(
      `${operator}: the input has ${sizes.length} spatial dimensions, the window ${kernel.length}`,
    );
  }
  return sizes.map((size, axis) => {
    const own = kernel[axis]!;
    const stride = strides[axis] ?? 1;
    const dilation = dilations[axis] ?? 1;
    const [before, behind] = padsOf(autoPad, { size, stride, kernel: own, spared }, [
      pads[axis] ?? 0,
      pads[axis + sizes.length] ?? 0,
    ]);
    const outSize = count({ size, stride, before, behind, reach: dilation * (own - 1) + 1 });
    return withRanges({ size, kernel: own, stride, dilation, before, behind, outSize });
  });
}

/** ONNX Runtime ignores the dilation of a window here, and skips elements if it is narrower than its stride. */
function padsOf(
  autoPad: string,
  { size, stride, kernel, spared }: { size: number; stride: number; kernel: number; spared: number },
  given: [number, number],
): [before: number, behind: number] {
  if (autoPad === 'NOTSET') {
    return given;
  }
  if (autoPad === 'VALID') {
    return [0, 0];
  }
  const needed = (Math.ceil(size / stride) - 1) * stride + kernel - size;
  const all = needed < 0 ? needed + spared : needed;
  const before = Math.trunc((autoPad === 'SAME_LOWER' ? all + 1 : all) / 2);
  return [before, all - before];
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
