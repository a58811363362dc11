/** Packing includes one of these in a function. */
export { foreseeNothing } from './nothing.ts';
export { foreseeOutputs } from './outputs.ts';
