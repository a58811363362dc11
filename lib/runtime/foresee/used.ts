/** Packing replaces this with `foreseeNothing` if the model has no outputs to foresee. */
export { foreseeOutputs } from './outputs.ts';
