/** Packing keeps one of them: the check if the function has its own score, otherwise the default score. */
export { checkedScore } from './checked-score.ts';
export { defaultScore } from './default-score.ts';
