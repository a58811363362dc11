import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bin, folder } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';

// Of util-linux: runs a command at a terminal of its own. That of BSD and macOS has other options.
const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
});

const ctrlC = '\x03';
const ctrlD = '\x04';

/** `coldpress init` as somebody at a terminal has it. */
function initAtTerminal(cwd: string, ...flags: string[]) {
  const command = [process.execPath, bin, 'init', '--no-install', ...flags]
    .map(word => `'${word}'`)
    .join(' ');
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'dumb', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number);
  let seen = 0;
  return {
    ended,
    screen: () => screen,
    /** Waits for a question that was not there before, and types. */
    async answer(question: string, keys: string) {
      await expect.poll(() => screen.indexOf(question, seen), { timeout: 30_000 }).toBeGreaterThan(-1);
      seen = screen.length;
      child.stdin.write(keys);
    },
  };
}

function folderWith(name: string, ...models: string[]): string {
  const cwd = folder(name);
  for (const model of models) {
    writeFileSync(join(cwd, model), doubling());
  }
  return cwd;
}

describe.skipIf(!hasScript)('init at a terminal (needs util-linux’s script)', () => {
  test('Enter takes the defaults, and the one model there is', async () => {
    const cwd = folderWith('defaults', 'doubling.onnx');
    const init = initAtTerminal(cwd);
    await init.answer('Where will it run? (aws-lambda, gcf, container) [aws-lambda] ', '\r');
    await init.answer('What calls it? (http, sqs, s3, schedule) [http] ', '\r');
    expect(await init.ended, init.screen()).toBe(0);
    expect(init.screen()).toContain('wrote doubling:');
    expect(init.screen()).not.toContain('Which model?');
    expect(existsSync(join(cwd, 'bin/app.ts'))).toBe(true);
  });

  test('repeats a question whose answer is none of the choices', async () => {
    const cwd = folderWith('again', 'one.onnx', 'two.onnx');
    const init = initAtTerminal(cwd);
    await init.answer('Which model? (one.onnx, two.onnx) [one.onnx] ', 'three.onnx\r');
    await init.answer('Which model?', 'two.onnx\r');
    await init.answer('Where will it run?', ' google \r');
    await init.answer('What calls it? (http, pubsub, gcs) [http] ', 'sqs\r');
    await init.answer('What calls it?', 'pubsub\r');
    expect(await init.ended, init.screen()).toBe(0);
    expect(init.screen()).toContain('three.onnx is none of them.');
    expect(readFileSync(join(cwd, 'coldpress.config.ts'), 'utf8')).toContain('two.onnx');
    expect(existsSync(join(cwd, 'bin/deploy.ts'))).toBe(true);
  });

  test('does not prompt for what a flag sets', async () => {
    const init = initAtTerminal(folderWith('flagged', 'doubling.onnx'), '--target', 'gcf');
    await init.answer('What calls it?', '\r');
    expect(await init.ended, init.screen()).toBe(0);
    expect(init.screen()).not.toContain('Where will it run?');
  });

  const ways = [
    ['Ctrl-C', ctrlC],
    ['Ctrl-D', ctrlD],
  ] as const;

  test.each(ways)('%s at the second question writes nothing', async (name, key) => {
    const cwd = folderWith(name, 'doubling.onnx');
    const init = initAtTerminal(cwd);
    await init.answer('Where will it run?', '\r');
    await init.answer('What calls it?', key);
    expect(await init.ended, init.screen()).toBe(130);
    expect(init.screen()).toMatch(/\nINTERRUPTED: interrupted; nothing was written/);
    expect(readdirSync(cwd)).toEqual(['doubling.onnx']);
  });
});
