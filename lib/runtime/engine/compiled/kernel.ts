import type { TensorData } from '../../../contract/tensor-data.ts';
import type { EngineTensor } from '../tensor.ts';

/** The content of a slot: a tensor, a sequence of tensors, or nothing if an optional input is omitted. */
export type Value = EngineTensor | EngineTensor[] | undefined;

/** A graph that a kernel runs: the body of a loop, a branch. */
export type RunGraph = (inputs: readonly Value[]) => Value[];

/** A setting of a step, ready for use: sections are typed arrays, graphs are runnable. */
export type Setting = number | boolean | string | null | number[] | string[] | TensorData | RunGraph;

/**
 * An operator. Called once per step when the model is opened, with everything known by then; the function it returns
 * runs the step. Inputs are never written to.
 * @param settings - the settings from the rule in `lib/model/compile/operators`
 * @param constants - the inputs whose values all runs share, at their positions
 */
// biome-ignore lint/suspicious/noExplicitAny: each kernel declares the settings that its rule gives it.
export type Kernel<Settings = any> = (settings: Settings, constants: readonly Value[]) => Run;

/** Returns outputs in the operator's order. Rejects inputs with an `Error` that begins with the operator's name. */
export type Run = (...inputs: never[]) => readonly Value[];
