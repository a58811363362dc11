import type { Command } from 'commander';
import { ColdpressError } from '../errors.ts';

/**
 * Refuses words that a shell or an editor left in another form than was meant. Commander would take them as they are.
 * @param words - what follows the command's name
 * @throws ColdpressError USAGE
 */
export function checkWords(command: Command, words: readonly string[]): void {
  for (const [index, word] of words.entries()) {
    if (word === '--') {
      return;
    }
    // Documents and chats turn two hyphens into one long dash.
    if (/^-?[–—][a-z]/.test(word)) {
      throw usage(
        `"${word}" begins with a dash that is not a hyphen`,
        `type two hyphens: ${word.replace(/^-?[–—]/, '--')}`,
      );
    }
    const before = words[index - 1] ?? '';
    const [, name, value = word] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const place = name ?? (before.startsWith('--') ? before : undefined);
    const what = place === undefined ? 'an argument' : `the value of ${place}`;
    if (value === '') {
      throw usage(`${what} is empty`, 'leave it out, or check that the shell variable in it is set');
    }
    if (/^~[/\\]|^~$/.test(value)) {
      throw usage(
        `${what} is ${value}, in which the shell did not replace ~`,
        `write "$HOME${value.slice(1)}", or leave out the quotes and the =`,
      );
    }
    if (takesValue(command, before) && isOption(command, word)) {
      throw usage(`${before} has no value: ${word} is an option`, `write it as ${before} VALUE ${word}`);
    }
  }
}

function takesValue(command: Command, word: string): boolean {
  return command.options.some(({ long, required }) => long === word && required);
}

function isOption(command: Command, word: string): boolean {
  const name = word.replace(/=.*$/s, '');
  return command.options.some(({ long, short }) => name === long || name === short);
}

function usage(message: string, hint: string): ColdpressError {
  return new ColdpressError('USAGE', message, { hint });
}
