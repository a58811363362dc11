import type { TensorType } from '../../../../../contract/tensor-data.ts';
import { tooLarge } from '../../../../too-large.ts';
import { EngineTensor } from '../../../tensor.ts';
import { countElements } from '../../allocate.ts';
import type { Kernel, RunGraph, Value } from '../../kernel.ts';
import { stack } from './stack.ts';

interface Settings {
  body: RunGraph;
  /** The number of loop-carried values. */
  carried: number;
  /** Types of the scan outputs, for a loop without a turn. */
  scanTypes: string[];
  /** Declared shapes of the scan outputs, such as "2,3". */
  scanShapes: string[];
  turnDims: number[];
  conditionDims: number[];
}

/** A turn takes at least some microseconds; together, turns process at most the elements of a second or two. */
const mostTurns = 100_000;
const mostCarried = 2 ** 30;

/** https://onnx.ai/onnx/operators/onnx__Loop.html */
export const loop: Kernel<Settings> =
  ({ body, carried, scanTypes, scanShapes, turnDims, conditionDims }, [shared]) =>
  (count: EngineTensor | undefined, condition: EngineTensor | undefined, ...values: Value[]) => {
    const turns = count === undefined ? Number.POSITIVE_INFINITY : Number(count.data[0]);
    let isOn = condition === undefined || condition.data[0] !== 0;
    let state = values.slice(0, carried);
    const captured = values.slice(carried);
    const scanned: EngineTensor[][] = scanTypes.map(() => []);
    const size = state.reduce(
      (sum, value) => sum + ((value as EngineTensor | undefined)?.data?.length ?? 0),
      0,
    );
    const most = Math.min(mostTurns, Math.floor(mostCarried / size));
    // A constant count may exceed every limit if a condition ends the loop.
    if (shared === undefined && Number.isFinite(turns) && turns > most) {
      throw tooLarge('Loop', `${turns} turns`, most);
    }
    for (let turn = 0; turn < turns && isOn; turn++) {
      if (turn === most) {
        throw tooLarge('Loop', 'more turns', most);
      }
      const number = new EngineTensor('int64', BigInt64Array.of(BigInt(turn)), turnDims);
      const flag = new EngineTensor('bool', Uint8Array.of(1), conditionDims);
      const [next, ...rest] = body([number, flag, ...state, ...captured]);
      isOn = (next as EngineTensor).data[0] !== 0;
      state = rest.slice(0, carried);
      for (const [index, made] of scanned.entries()) {
        const kept = rest[carried + index] as EngineTensor;
        countElements('Loop', [turn + 1, ...kept.dims]);
        made.push(kept);
      }
    }
    return [
      ...state,
      ...scanned.map((made, index) =>
        made.length === 0
          ? noTurns(scanTypes[index]!, scanShapes[index]!)
          : stack('Loop', made, { axis: 0, type: scanTypes[index]! }),
      ),
    ];
  };

/** Returns what ONNX Runtime returns for no turns. */
function noTurns(type: string, shape: string): EngineTensor {
  const dims = shape === '' ? [] : shape.split(',').map(Number);
  const { data } = stack('Loop', [], { axis: 0, type });
  return new EngineTensor(type as TensorType, data, [0, ...dims]);
}
