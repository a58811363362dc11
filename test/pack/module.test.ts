import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { compileModule } from '../../lib/pack/module/compile-module.ts';
import { folder } from '../cli/coldpress.ts';
import { lightGbmText, stump } from '../model/formats/light-gbm-text.ts';

/** One model, compiled to a module, under every runtime of JavaScript that this machine has. */

const dir = folder('module');
const answer =
  '{"outputs":[{"name":"prediction","datatype":"FP64","shape":[2],"data":[-1,2]}],"refused":"RANK"}';
const inputs = [{ name: 'features', datatype: 'FP64', shape: [2, 2], data: [1.5, 0, 1.5000000000000002, 0] }];

/** Runs the model; any runtime can. */
const use = `
export function run(open, weights) {
  const { infer } = open(weights);
  const { outputs } = infer({ inputs: ${JSON.stringify(inputs)} });
  let refused;
  try {
    infer({ inputs: [{ name: 'features', datatype: 'FP64', shape: [2], data: [1, 2] }] });
  } catch (error) {
    refused = error.code;
  }
  return JSON.stringify({ outputs: outputs.map(output => ({ ...output, data: [...output.data] })), refused });
}
`;
const reading = `
import { readFileSync } from 'node:fs';
import { open } from './model.mjs';
import { run } from './use.mjs';
console.log(run(open, readFileSync(new URL('model.bin', import.meta.url))));
`;
const worker = `
import weights from 'model.bin';
import { open } from 'model.mjs';
import { run } from 'use.mjs';
export default { fetch: () => new Response(run(open, weights)) };
`;

beforeAll(async () => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'model.txt'), lightGbmText([stump(0)]));
  const { files } = await compileModule(join(dir, 'model.txt'), { outDir: dir });
  expect(files.map(({ name }) => name)).toEqual(['model.mjs', 'model.d.mts', 'model.bin']);
  await compileModule(join(dir, 'model.txt'), { outDir: join(dir, 'inline'), inline: true });
  writeFileSync(join(dir, 'use.mjs'), use);
  writeFileSync(join(dir, 'reading.mjs'), reading);
  writeFileSync(join(dir, 'worker.mjs'), worker);
  writeFileSync(
    join(dir, 'inline.mjs'),
    `import { open } from './inline/model.mjs'; import { run } from './use.mjs'; console.log(run(open));`,
  );
});

/** A program on the PATH, or where `COLDPRESS_TEST_RUNTIMES` says that there are more. */
function find(name: string): string | undefined {
  const places = [process.env.COLDPRESS_TEST_RUNTIMES, process.env.PATH].join(delimiter).split(delimiter);
  return places.map(place => join(place, name)).find(path => existsSync(path));
}

const run = (program: string, args: string[]) =>
  execFileSync(program, args, { cwd: dir, encoding: 'utf8' }).trim();

test('the module imports nothing and asks nothing of Node', () => {
  const code = readFileSync(join(dir, 'model.mjs'), 'utf8');
  expect(code).not.toMatch(/\bimport\b|\brequire\b|\bprocess\.|[^y]Buffer\.|node:/);
});

test('Node', () => {
  expect(run(process.execPath, ['reading.mjs'])).toBe(answer);
  expect(run(process.execPath, ['inline.mjs'])).toBe(answer);
});

test('weights that are not the model’s are refused', () => {
  const program = `import { open } from './model.mjs'; open(new Uint8Array(8));`;
  expect(() => run(process.execPath, ['--input-type=module', '-e', program])).toThrow(
    /takes the \d+ bytes of model\.bin; it got 8/,
  );
});

test('its types hold what it does', () => {
  const types = readFileSync(join(dir, 'model.d.mts'), 'utf8');
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
      (name = "model.mjs", esModule = embed "model.mjs"),
      (name = "use.mjs", esModule = embed "use.mjs"),
      (name = "model.bin", data = embed "model.bin"),
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
