import { findOwnCodes } from './own-codes.ts';
import { type Finding, findingOf } from './pain.ts';
import { pains } from './pains/index.ts';
import { printable } from './read-text.ts';

/**
 * Recognises failures in text: an error, a build's output, an excerpt of CloudWatch or Cloud Logging.
 * @param where - name of the text for the findings
 */
export function diagnoseText(text: string, where = 'the text'): Finding[] {
  // In a log of JSON lines, the quotes and line ends of messages are escaped.
  const plain = text.includes('\\')
    ? `${text}\n${text.replaceAll('\\"', '"').replaceAll('\\n', '\n')}`
    : text;
  const known = pains.flatMap(pain => {
    const match = firstMatch(pain.patterns, plain);
    return match === undefined ? [] : findingOf(pain, where, lineAround(plain, match));
  });
  return [...known, ...findOwnCodes(plain, where)];
}

function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) {
      return match;
    }
  }
  return undefined;
}

const longestEvidence = 200;

/** The line in which a match begins, shortened if necessary. */
function lineAround(text: string, { index }: RegExpExecArray): string {
  const start = Math.max(text.lastIndexOf('\n', index - 1) + 1, index - longestEvidence / 2);
  return printable(text.slice(start, start + longestEvidence).split('\n', 1)[0]!);
}
