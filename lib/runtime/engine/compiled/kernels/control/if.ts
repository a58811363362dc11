import type { EngineTensor } from '../../../tensor.ts';
import type { Kernel, RunGraph, Value } from '../../kernel.ts';

interface Settings {
  thenBranch: RunGraph;
  elseBranch: RunGraph;
  /** How many outer values the first branch captures; they come first. */
  thenBranchCaptures: number;
}

/** https://onnx.ai/onnx/operators/onnx__If.html */
export const ifElse: Kernel<Settings> =
  ({ thenBranch, elseBranch, thenBranchCaptures }) =>
  (condition: EngineTensor, ...captured: Value[]) =>
    condition.data[0] === 0
      ? elseBranch(captured.slice(thenBranchCaptures))
      : thenBranch(captured.slice(0, thenBranchCaptures));
