import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { emptyFolder, tinyArtifact } from './tiny-artifact.ts';

const bin = fileURLToPath(new URL('../../bin/coldpress.js', import.meta.url));

/** The command line, in a process that uses `temporary` for its files. */
function coldpress(args: string[], temporary: string) {
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, NODE_DISABLE_COMPILE_CACHE: '1' };
  const child = spawn(process.execPath, [bin, ...args], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, ended };
}

test.each<[name: string, flags: string[], stdout: RegExp, stderr: RegExp]>([
  [
    'invoke prints the answer and one line; what the function prints goes to stderr',
    [],
    /^answer\n\{ n: 1 \}\n\ncold start .* ms: init .*, answer .*\n$/,
    /^seen\n$/,
  ],
  [
    'invoke --verbose prints every phase, and the whole log',
    ['--verbose'],
    /^answer\n\{ n: 1 \}\n\ncold start \(.+\)\n {2}init .* ms {2}█+\n/,
    /seen.*REPORT RequestId: /s,
  ],
])('%s', async (_, flags, expectedOut, expectedErr) => {
  const handler = 'export const handler = async e => { console.log("seen"); return e; };';
  const [dir, temporary] = [await tinyArtifact(handler), await emptyFolder()];
  const { child, ended } = coldpress(['invoke', dir, '--event', '-', ...flags], temporary);
  child.stdin.end('{"n":1}');
  const { code, stdout, stderr } = await ended;
  expect(stdout).toMatch(expectedOut);
  expect(stderr).toMatch(expectedErr);
  expect(code).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});

test('invoke --json prints one object, and a failed function ends it with 2', async () => {
  const [dir, temporary] = [await tinyArtifact('throw new Error("no model");'), await emptyFolder()];
  const { code, stdout } = await coldpress(['invoke', dir, '--json'], temporary).ended;
  expect(JSON.parse(stdout)).toMatchObject({
    functionError: 'Unhandled',
    answer: { errorMessage: 'no model' },
  });
  expect(code).toBe(2);
});

test('Ctrl-C during an invocation leaves nothing behind', async () => {
  const dir = await tinyArtifact(
    'console.log("started"); export const handler = () => new Promise(() => {});',
  );
  const temporary = await emptyFolder();
  const { child, ended } = coldpress(['invoke', dir], temporary);
  child.stderr.once('data', () => child.kill('SIGINT'));
  const { code, stdout } = await ended;
  expect([code, stdout]).toEqual([130, '']);
  expect(readdirSync(temporary)).toEqual([]);
});

test('serve says where it is, and Ctrl-C ends it', async () => {
  const [dir, temporary] = [
    await tinyArtifact('export const handler = async () => "up";'),
    await emptyFolder(),
  ];
  const { child, ended } = coldpress(['serve', dir, '--port', '0', '--json'], temporary);
  // The second, so that a process that ends without a word shows why.
  const line = await Promise.race([
    once(child.stdout, 'data').then(String),
    ended.then(({ stderr }) => stderr),
  ]);
  const { url, init } = JSON.parse(line);
  expect(init.kind).toBe('ready');
  expect(await (await fetch(url)).text()).toBe('up');
  expect(readdirSync(temporary).length).toBe(1);
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});
