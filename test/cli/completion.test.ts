import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, folder, run } from './coldpress.ts';

const commandsFolder = folder('completion-bin');
for (const [name, line] of Object.entries({
  coldpress: `exec "${process.execPath}" "${bin}" "$@"`,
  npx: `[ "$1" = --no-install ] && shift; shift; npm_command=exec exec "${process.execPath}" "${bin}" "$@"`,
})) {
  writeFileSync(join(commandsFolder, name), `#!/bin/sh\n${line}\n`);
  chmodSync(join(commandsFolder, name), 0o755);
}
const env = { PATH: [commandsFolder, process.env.PATH].join(delimiter) };

/** What bash, without the package bash-completion, proposes for a line whose last word is unfinished. */
async function propose(program: string, words: string[]): Promise<string[]> {
  const place = folder('completion');
  writeFileSync(join(place, 'model.onnx'), '');
  const quoted = words.map(word => `'${word}'`).join(' ');
  const { stdout, stderr } = await run(
    [
      '--norc',
      '-c',
      `eval "$(${program} completion bash)"
eval "$(${program} completion bash)"
COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1}
__coldpress_complete
printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    { command: 'bash', cwd: place, env },
  );
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

describe.skipIf(process.platform === 'win32')('completion in bash alone', () => {
  test.each([
    ['coldpress', ['coldpress', 'in'], ['init', 'inspect', 'invoke']],
    ['coldpress', ['coldpress', 'pack', '--eng'], ['--engine']],
    ['coldpress', ['coldpress', 'pack', '--arch', ''], ['arm64', 'x64']],
    ['coldpress', ['coldpress', 'pack', '--arch', '=', 'x'], ['x64']],
    ['coldpress', ['coldpress', 'inspect', 'mod'], ['']],
    ['npx coldpress', ['npx', 'coldpress', 'pack', '--eng'], ['--engine']],
    ['npx coldpress', ['npx', 'cowsay', '--eng'], ['']],
  ])('%s: %j', async (program, words, proposals) => {
    expect((await propose(program, words)).sort()).toEqual(proposals);
  });

  test.each(['zsh', 'fish', 'powershell'])('%s has a script', async shell => {
    const { code, stdout } = await run(['completion', shell], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/coldpress complete '?--/);
  });
});
