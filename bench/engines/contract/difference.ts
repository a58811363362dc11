import type { Answer } from './answer-all.ts';

export interface Difference {
  verdict: 'equal' | 'worded' | 'differs';
  text: string;
}

/** The tolerance of the proof, as far as JSON and float16 keep it. */
const tolerance = 1e-4;

/** Compares the answers of both engines: statuses, then errors by their text, and answers by their numbers. */
export function differenceOf(compiled: Answer, native: Answer | undefined): Difference {
  if (native === undefined || compiled.status !== native.status) {
    const describe = (answer: Answer | undefined) => `${answer?.status} ${answer?.body.slice(0, 200)}`;
    return { verdict: 'differs', text: `compiled ${describe(compiled)}\n  ONNX Runtime ${describe(native)}` };
  }
  if (compiled.body === native.body) {
    return { verdict: 'equal', text: '' };
  }
  const text = `${compiled.status}\n  ${compiled.body.slice(0, 240)}\n  ${native.body.slice(0, 240)}`;
  if (compiled.status >= 400) {
    return { verdict: 'worded', text };
  }
  return areClose(compiled.body, native.body) ? { verdict: 'equal', text } : { verdict: 'differs', text };
}

/** Compares two JSON texts: whatever is not a number must be equal. */
function areClose(left: string, right: string): boolean {
  const number = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;
  const [ours, theirs] = [left.match(number) ?? [], right.match(number) ?? []];
  return (
    left.replace(number, '#') === right.replace(number, '#') &&
    ours.every((text, index) => {
      const [a, b] = [Number(text), Number(theirs[index])];
      return a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
    })
  );
}
