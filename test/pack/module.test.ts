import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { encodeModel } from '../../lib/model/write.ts';
import { compileModule } from '../../lib/pack/module/compile-module.ts';
import { folder } from '../cli/coldpress.ts';
import { floats, graph, model, node, tensorType, value } from '../model/build-model.ts';
import { lightGbmText, stump } from '../model/formats/light-gbm-text.ts';

/** Two models, compiled to modules, under every runtime of JavaScript that this machine has. */

const dir = folder('module');
const names = ['stump', 'net'] as const;
const answers = [
  '{"outputs":[{"name":"prediction","datatype":"FP64","shape":[2],"data":[-1,2]}],"refused":"RANK"}',
  '{"outputs":[{"name":"y","datatype":"FP32","shape":[1,3],"data":[9,8,0]}],"refused":"RANK"}',
];
const answer = answers.join();
const requests = {
  stump: { name: 'features', datatype: 'FP64', shape: [2, 2], data: [1.5, 0, 1.5000000000000002, 0] },
  net: { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] },
};

/** Runs the models; any runtime can. Where it compiles no WebAssembly, the net is computed without. */
const use = `
import { open as openStump } from './stump/model.mjs';
import { open as openNet } from './net/model.mjs';
${inferring('stump', 'net')}
export function run(stump, net) {
  return [answer(openStump(stump), requests.stump), answer(openNet(net), requests.net)].join();
}
`;
const reading = `
import { readFileSync } from 'node:fs';
import { run } from './use.mjs';
const read = name => readFileSync(new URL(name + '/model.bin', import.meta.url));
console.log(run(read('stump'), read('net')));
`;
const worker = `
import stump from 'stump/model.bin';
import net from 'net/model.bin';
import { run } from 'use.mjs';
export default { fetch: () => new Response(run(stump, net)) };
`;
const page = `
import { run } from './use.mjs';
const read = async name => (await fetch('/' + name + '/model.bin')).arrayBuffer();
globalThis.answer = run(await read('stump'), await read('net'));
`;

/** The code that asks a model, and then asks it wrongly. */
function inferring(...of: (typeof names)[number][]): string {
  return `
const requests = ${JSON.stringify(Object.fromEntries(of.map(name => [name, requests[name]])))};
function answer({ infer }, input) {
  const { outputs } = infer({ inputs: [input] });
  let refused;
  try {
    infer({ inputs: [{ ...input, shape: [2], data: [1, 2] }] });
  } catch (error) {
    refused = error.code;
  }
  return JSON.stringify({ outputs: outputs.map(output => ({ ...output, data: [...output.data] })), refused });
}
`;
}

beforeAll(async () => {
  mkdirSync(dir, { recursive: true });
  const [stumpPath, netPath] = [join(dir, 'stump.txt'), join(dir, 'net.onnx')];
  writeFileSync(stumpPath, lightGbmText([stump(0)]));
  writeFileSync(netPath, net());
  for (const [path, outDir] of [
    [stumpPath, join(dir, 'stump')],
    [netPath, join(dir, 'net')],
  ] as const) {
    const { files } = await compileModule(path, { outDir });
    expect(files.map(({ name }) => name)).toEqual(['model.mjs', 'model.d.mts', 'model.bin']);
  }
  await compileModule(stumpPath, { outDir: join(dir, 'inline'), inline: true });
  for (const [name, code] of Object.entries({ use, reading, worker, page })) {
    writeFileSync(join(dir, `${name}.mjs`), code);
  }
  writeFileSync(
    join(dir, 'inline.mjs'),
    `import { open } from './inline/model.mjs';
    ${inferring('stump')}
    console.log(answer(open(), requests.stump));`,
  );
});

/** A matrix, which WebAssembly multiplies where there is any. */
function net(): Buffer {
  const weights = floats('w', [2, 3], Float32Array.of(1, -2, 3, 4, 5, -6));
  const main = graph({
    node: [node('MatMul', ['x', 'w'], ['h']), node('Relu', ['h'], ['y'])],
    initializer: [weights],
    input: [value('x', tensorType('FLOAT', ['N', 2]))],
    output: [value('y', tensorType('FLOAT', ['N', 3]))],
  });
  return Buffer.concat(encodeModel(model(main)));
}

/** A program on the PATH, or where `COLDPRESS_TEST_RUNTIMES` says that there are more. */
function find(name: string): string | undefined {
  const places = [process.env.COLDPRESS_TEST_RUNTIMES, process.env.PATH].join(delimiter).split(delimiter);
  return places.map(place => join(place, name)).find(path => existsSync(path));
}

const run = (program: string, args: string[]) =>
  execFileSync(program, args, { cwd: dir, encoding: 'utf8' }).trim();

test.each(names)('the module of the %s imports nothing and asks nothing of Node', name => {
  const code = readFileSync(join(dir, name, 'model.mjs'), 'utf8');
  expect(code).not.toMatch(/\bimport\b|\brequire\b|\bprocess\.|[^y]Buffer\.|node:/);
});

test('Node', () => {
  expect(run(process.execPath, ['reading.mjs'])).toBe(answer);
  expect(run(process.execPath, ['inline.mjs'])).toBe(answers[0]);
});

test.each([
  ['cut', 'weights.subarray(8)', /expects the \d+ bytes of model\.bin; it got \d+/],
  ['altered', '(weights[20] ^= 1, weights)', /model\.bin is not the one that was written with this module/],
])('weights that were %s are refused', async (_, weights, says) => {
  const program = `
    import { readFileSync } from 'node:fs';
    import { open } from './stump/model.mjs';
    const weights = readFileSync('stump/model.bin');
    try { open(${weights}); } catch (error) { console.log(error.message); }`;
  expect(run(process.execPath, ['--input-type=module', '-e', program])).toMatch(says);
});

test('its types hold what it does', () => {
  const types = readFileSync(join(dir, 'stump', 'model.d.mts'), 'utf8');
  expect(types).toContain("prediction: { datatype: 'FP64'; shape: ['N'] };");
  expect(types).toContain('export declare function open(weights: ArrayBuffer | Uint8Array): OpenModel;');
});

const bun = find('bun');
test.skipIf(bun === undefined)('Bun', () => {
  expect(run(bun!, ['reading.mjs'])).toBe(answer);
});

const deno = find('deno');
test.skipIf(deno === undefined)('Deno', () => {
  expect(run(deno!, ['run', '--allow-read', 'reading.mjs'])).toBe(answer);
});

const workerd = find('workerd');
test.skipIf(workerd === undefined)("Cloudflare's workerd", async () => {
  const port = await freePort();
  writeFileSync(
    join(dir, 'worker.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [
      (name = "worker.mjs", esModule = embed "worker.mjs"),
      (name = "use.mjs", esModule = embed "use.mjs"),
      (name = "stump/model.mjs", esModule = embed "stump/model.mjs"),
      (name = "stump/model.bin", data = embed "stump/model.bin"),
      (name = "net/model.mjs", esModule = embed "net/model.mjs"),
      (name = "net/model.bin", data = embed "net/model.bin"),
    ],
    compatibilityDate = "2025-01-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  );
  const server = spawn(workerd!, ['serve', 'worker.capnp'], { cwd: dir, stdio: 'ignore' });
  try {
    expect(await fetchSoon(`http://127.0.0.1:${port}/`)).toBe(answer);
  } finally {
    server.kill();
  }
});

const chromium = find('chromium');
test.skipIf(chromium === undefined)('a browser', async () => {
  const browser = await playwright.launch({ executablePath: chromium!, args: ['--no-sandbox'] });
  try {
    const opened = await browser.newPage();
    const failures: string[] = [];
    opened.on('pageerror', error => failures.push(error.message));
    await opened.route('http://module.test/**', route => {
      const { pathname } = new URL(route.request().url());
      return pathname === '/'
        ? route.fulfill({ contentType: 'text/html', body: '<script type="module" src="page.mjs"></script>' })
        : route.fulfill({ path: join(dir, pathname) });
    });
    await opened.goto('http://module.test/');
    await expect.poll(() => opened.evaluate('globalThis.answer')).toBe(answer);
    expect(failures).toEqual([]);
  } finally {
    await browser.close();
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** The answer of a server that may not listen yet. */
async function fetchSoon(url: string): Promise<string> {
  for (let tries = 0; ; tries++) {
    try {
      return await (await fetch(url)).text();
    } catch (error) {
      if (tries === 100) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}
