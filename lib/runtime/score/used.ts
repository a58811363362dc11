/** Packing leaves it out of a function that has a score of its own. */
export { defaultScore } from './default-score.ts';
