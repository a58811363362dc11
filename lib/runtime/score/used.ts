/** Packing omits this from a function with its own score. */
export { defaultScore } from './default-score.ts';
