import * as v from 'valibot';
import { plainIssue } from './contract/issue-words.ts';
import { inWords } from './schema-words.ts';

/** Describes an issue of a file that coldpress wrote, with the place: `packed.churn.model: expected text; received 7`. */
export function explainIssue(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  // Patterns have a message in words, which is what they expect.
  const text =
    issue.type === 'regex' && !issue.message.startsWith('Invalid ')
      ? `expected ${issue.message}`
      : plainIssue(issue.message, inWords);
  return place === null ? text : `${place}: ${text}`;
}
