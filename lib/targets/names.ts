import { ColdpressError } from '../errors.ts';
import { choicesHint } from '../nearest.ts';

/** The targets, the default first. */
export const targetNames = ['aws-lambda', 'gcf', 'container'] as const;

export type TargetName = (typeof targetNames)[number];

/** Other names that users may type for targets. */
const aliases: Readonly<Record<string, TargetName>> = {
  aws: 'aws-lambda',
  lambda: 'aws-lambda',
  google: 'gcf',
  gcp: 'gcf',
};

/** The values of `--target`, as every command's help lists them. */
export const targetHelp = 'aws-lambda (or aws), gcf (or google), container';

/** Returns the target for a name or alias. */
export function findTarget(word: string): TargetName | undefined {
  const name = word.toLowerCase();
  return targetNames.find(target => target === name) ?? aliases[name];
}

/**
 * Parses the value of `--target`, which is the same in every command.
 * @throws ColdpressError OPTION_INVALID
 */
export function parseTarget(word: string): TargetName {
  const found = findTarget(word);
  if (found === undefined) {
    throw new ColdpressError('OPTION_INVALID', `unknown --target ${word}`, {
      hint: choicesHint(word, [...targetNames, ...Object.keys(aliases)], targetHelp),
    });
  }
  return found;
}
