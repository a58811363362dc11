import type { TensorData } from '../../../contract/tensor-data.ts';
import type { EngineTensor } from '../tensor.ts';

/** What a slot holds: a tensor, a sequence of them, or nothing, where an optional input is left out. */
export type Value = EngineTensor | EngineTensor[] | undefined;

/** A graph that a kernel runs: the body of a loop, a branch. */
export type RunGraph = (inputs: readonly Value[]) => Value[];

/** A setting of a step, ready for use: sections are typed arrays, graphs can be run. */
export type Setting = number | boolean | string | null | number[] | string[] | TensorData | RunGraph;

/**
 * An operator. Called once for each step, when the model is opened, with all that is known by then; what it returns
 * runs the step. Inputs are never written to.
 * @param settings - as the rule in `lib/model/compile/operators` gives them
 * @param constants - the inputs whose values every run shares, in their places
 */
// biome-ignore lint/suspicious/noExplicitAny: each kernel declares the settings that its rule gives it.
export type Kernel<Settings = any> = (settings: Settings, constants: readonly Value[]) => Run;

/** Its outputs, in the operator's order. Throws an `Error` that begins with the operator's name for inputs it refuses. */
export type Run = (...inputs: never[]) => readonly Value[];
