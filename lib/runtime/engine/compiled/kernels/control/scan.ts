import type { EngineTensor } from '../../../tensor.ts';
import type { Kernel, RunGraph, Value } from '../../kernel.ts';
import { axisOf } from '../../shape.ts';
import { stack, unstack } from './stack.ts';

interface Settings {
  body: RunGraph;
  /** The number of loop-carried values; the inputs after them are scanned. */
  carried: number;
  scanned: number;
  inputAxes: number[];
  inputReverse: boolean[];
  outputAxes: number[];
  outputReverse: boolean[];
  outputTypes: string[];
}

/** https://onnx.ai/onnx/operators/onnx__Scan.html, from opset 9 on */
export const scan: Kernel<Settings> =
  ({ body, carried, scanned, inputAxes, inputReverse, outputAxes, outputReverse, outputTypes }) =>
  (...values: Value[]) => {
    let state = values.slice(0, carried);
    const sources = values.slice(carried, carried + scanned) as EngineTensor[];
    const captured = values.slice(carried + scanned);
    const axes = sources.map(({ dims }, i) => axisOf('Scan', inputAxes[i] ?? 0, dims.length));
    const turns = sources[0]!.dims[axes[0]!]!;
    if (sources.some(({ dims }, i) => dims[axes[i]!] !== turns)) {
      throw new Error('Scan: its inputs have several lengths');
    }
    const made: EngineTensor[][] = outputTypes.map(() => []);
    for (let turn = 0; turn < turns; turn++) {
      const parts = sources.map((source, i) =>
        unstack(source, axes[i]!, inputReverse[i] ? turns - 1 - turn : turn),
      );
      const results = body([...state, ...parts, ...captured]);
      state = results.slice(0, carried);
      for (const [index, list] of made.entries()) {
        list.push(results[carried + index] as EngineTensor);
      }
    }
    const outputs = made.map((list, index) =>
      stack('Scan', outputReverse[index] ? list.reverse() : list, {
        axis: outputAxes[index] ?? 0,
        type: outputTypes[index]!,
      }),
    );
    return [...state, ...outputs];
  };
