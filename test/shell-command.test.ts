import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatCommand, formatLine } from '../lib/shell-command.ts';

const words = [
  '--name',
  'a --b',
  "it's --c",
  '$HOME `id` \\ !',
  'two\nlines --d',
  '\u001b[2J\u202e',
  '',
  '--e=f g',
  '*',
  '#',
];

test.skipIf(process.platform === 'win32')('a shell reads back each word as it was', () => {
  for (const format of [formatCommand, formatLine]) {
    const printed = execFileSync('sh', ['-c', format(['printf', '%s\\0', ...words])], { encoding: 'utf8' });
    expect(printed.split('\0').slice(0, -1)).toEqual(words);
  }
});

test('each option begins a line', () => {
  const command = ['aws', 'lambda', '--name', 'a --b', '--zip', 'c'];
  expect(formatCommand(command)).toBe('aws lambda \\\n  --name "a --b" \\\n  --zip c');
  expect(formatLine(command)).toBe('aws lambda --name "a --b" --zip c');
});
