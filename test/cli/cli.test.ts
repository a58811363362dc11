import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commands, groups } from '../../lib/cli/main.ts';
import { tinyArtifact } from '../local/tiny-artifact.ts';
import { type Ended, folder, root, run, start } from './coldpress.ts';
import { workspace } from './workspace.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
const example = 'examples/breast-cancer';
const packExample = ['pack', '--config', `${example}/coldpress.config.ts`, '--arch', arch];
const colour = '\u001b[';

/** What a command printed; colours are for terminals, and these streams are none. */
function succeeded({ code, stdout, stderr }: Ended): string {
  expect(stderr).not.toContain(colour);
  expect(stdout).not.toContain(colour);
  expect(code, stderr).toBe(0);
  return stdout;
}

test('--version is the package’s', async () => {
  expect(succeeded(await run(['--version']))).toMatch(
    new RegExp(
      `^coldpress ${version}\nnode \\d.*\nonnxruntime \\d.*\n.*runtime client: .*\nin this project: .*\n$`,
    ),
  );
});

test('--help names every command below a heading, and where the documentation is', async () => {
  expect(Object.values(groups).flat().sort()).toEqual(Object.keys(commands).sort());
  const help = succeeded(await run(['--help']));
  const named = help.match(/^ {2}(?=\w)\S+/gm)?.map(name => name.trim());
  expect(named).toEqual([...Object.values(groups).flat(), 'completion', 'help']);
  for (const heading of Object.keys(groups)) {
    expect(help).toContain(`\n${heading}\n`);
  }
  expect(help).toContain('\nDocumentation: https://');
  expect(succeeded(await run(['pack', '--help']))).toMatch(
    /^Documentation: https:.*\/docs\/commands\/pack\.md$/m,
  );
});

describe.skipIf(process.platform === 'win32')('the examples of the help work', () => {
  const commandsOf = async (name: string) => {
    const help = succeeded(await run([name, '--help']));
    return [...help.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line]) => line!);
  };

  test.each(['inspect', 'pack', 'invoke'])('%s', async name => {
    const examples = await commandsOf(name);
    expect(examples.some(line => line.includes(`coldpress ${name}`))).toBe(true);
    const place = workspace(`help-${name}`);
    // A function that is deployed is not here; test/aws invokes one.
    for (const line of examples.filter(example => !example.includes('--aws'))) {
      succeeded(await run(['-ec', line], { command: 'sh', ...place }));
    }
  });

  test('serve', async () => {
    const [line = ''] = await commandsOf('serve');
    const { cwd } = workspace('help-serve');
    await run(['pack', 'model.onnx', '--arch', arch, '--out', 'packed'], { cwd });
    // Any port: the one of the help may be taken.
    const args = line.replace(/^coldpress /, '').replace(/--port \d+/, '--port 0');
    const { child } = start(args.split(' '), { cwd });
    const said = String((await once(child.stdout, 'data'))[0]);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    expect((await fetch(`${url}/v2/models/model`)).status).toBe(200);
  });
});

describe('--json prints one object, and nothing else', () => {
  const cases: [name: string, args: string[], stdin?: string][] = [
    ['inspect', ['inspect', `${example}/model.onnx`]],
    ['pack', [...packExample, '--out', join(folder('json'), 'build')]],
    ['invoke --event', ['invoke', join(folder('json'), 'build'), '--event', `${example}/event.json`]],
    [
      'invoke --input -',
      ['invoke', join(folder('json'), 'build'), '--input', '-'],
      readFileSync(join(root, example, 'request.json'), 'utf8'),
    ],
  ];

  test.each(cases)('%s', async (_, args, stdin) => {
    const stdout = succeeded(await run([...args, '--json'], stdin === undefined ? {} : { stdin }));
    expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(stdout)).toBeTypeOf('object');
  });
});

test('people’s output is without colours where it is piped', async () => {
  const out = join(folder('plain'), 'build');
  expect(succeeded(await run(['inspect', `${example}/model.onnx`]))).toContain('ZipMap');
  const packed = succeeded(await run([...packExample, '--out', out]));
  expect(packed).toContain('262,144,000');
  expect(packed).toContain('score   answered 20 samples\n');
  expect(succeeded(await run(['invoke', out, '--event', `${example}/event.json`]))).toContain('cold start');
});

test.skipIf(process.platform === 'win32')(
  'the command that pack proposes runs as it is printed',
  async () => {
    const { cwd, env } = workspace('a folder with spaces');
    const printed = succeeded(
      await run(['pack', 'model.onnx', '--arch', arch, '--out', 'my build'], { cwd }),
    );
    const command = /^Try it: {2}npx (.*)$/m.exec(printed)?.[1];
    const invoking = `${command!.replace('serve', 'invoke')} --event -`;
    expect(await run(['-c', invoking], { command: 'sh', cwd, env, stdin: '{"x":[1,2]}' })).toMatchObject({
      code: 0,
    });
  },
);

test.skipIf(process.platform === 'win32')('output that nobody reads to its end is no bug', async () => {
  const line = 'coldpress inspect model.onnx --json | true; coldpress --help | true';
  const { stderr } = await run(['-c', line], { command: 'sh', ...workspace('pipe') });
  expect(stderr).toBe('');
});

test.skipIf(process.platform === 'win32')('messages that nobody reads are no bug', async () => {
  const { cwd, env } = workspace('unread');
  const artifact = await tinyArtifact('export const handler = async () => "up";');
  writeFileSync(join(cwd, 'event.json'), '{}');
  const line = `{ coldpress invoke '${artifact}' --event event.json; echo $? > code; } 2>&1 | true`;
  await run(['-c', line], { command: 'sh', cwd, env });
  expect(readFileSync(join(cwd, 'code'), 'utf8')).toBe('0\n');
});

test('a config with exports is loaded in a package of CommonJS, too', async () => {
  const { cwd, env } = workspace('commonjs');
  writeFileSync(join(cwd, 'package.json'), '{ "type": "commonjs" }');
  writeFileSync(
    join(cwd, 'coldpress.config.ts'),
    `export default { model: 'model.onnx', arch: '${arch}' };\n`,
  );
  succeeded(await run(['pack'], { cwd, env }));
  expect(existsSync(join(cwd, 'build/function.zip'))).toBe(true);
});

test('an error of ours ends with 1, asks for a report, and keeps its stack', async () => {
  // The real entry, with a command line that has a bug.
  const copy = folder('bug');
  cpSync(join(root, 'bin/coldpress.js'), join(copy, 'bin/coldpress.js'));
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  folder('bug/lib/cli');
  writeFileSync(join(copy, 'lib/cli/main.ts'), 'export function main() { null.oops; }');
  const { code, stdout, stderr } = await run([join(copy, 'bin/coldpress.js')], { command: process.execPath });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^TypeError: .*\n {4}at /);
  expect(stderr).toContain('This is a bug of coldpress; please report it');
});

test('an older Node gets one clear line', async ({ skip }) => {
  const older = (process.env.PATH ?? '')
    .split(delimiter)
    .map(dir => join(dir, 'node'))
    .find(path => existsSync(path) && majorOf(path) < 22);
  if (older === undefined) {
    skip('there is no Node older than 22 on the PATH');
  }
  const { code, stdout, stderr } = await run([join(root, 'bin/coldpress.js'), '--version'], {
    command: older!,
  });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^coldpress needs Node 22\.18 or newer; this is \d+\.\d+\.\d+\n$/);
});

test('an older Node with --json gets one object', async () => {
  const preload = join(folder('older'), 'older.mjs');
  writeFileSync(
    preload,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });",
  );
  const args = ['--import', pathToFileURL(preload).href, join(root, 'bin/coldpress.js'), 'pack', '--json'];
  const { code, stdout, stderr } = await run(args, { command: process.execPath });
  expect([code, stderr]).toEqual([2, '']);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NODE_VERSION' } });
});

function majorOf(node: string): number {
  try {
    return Number.parseInt(execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1), 10);
  } catch {
    // Something named node that does not run.
    return Number.POSITIVE_INFINITY;
  }
}
