/**
 * Cold starts on Cloud Run functions: from the spawn of the platform's own start command to the first answer, a fresh
 * process each, the variants taking turns.
 *
 *     node bench/gcf-cold-start.ts [--samples N] [--json]
 *
 * `plain`: the framework from node_modules, index.js, onnxruntime-node unbundled, a session on the first request.
 * `stock`: what coldpress packs, under the framework from node_modules. `packed`: what coldpress packs, as it is.
 * `cpu` is the process's time on a CPU, which other work on the machine disturbs less.
 */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyEngine, findEngine } from '../lib/bench/baselines/engine.ts';
import { estimateMedian, estimatePairedRatio } from '../lib/bench/statistics/estimate.ts';
import { freePort } from '../lib/local/gcf/free-port.ts';
import { startGcfInstance } from '../lib/local/gcf/instance.ts';
import { placeFramework } from '../lib/local/gcf/place-framework.ts';
import { hostOf } from '../lib/local/host.ts';
import { rewriteModel } from '../lib/model/passes/index.ts';
import { decodeModel } from '../lib/model/read.ts';
import { writeModel } from '../lib/model/write.ts';
import { pack } from '../lib/pack/pack.ts';

const WARM_UP_ROUNDS = 3;
/** Of `times(2)`, and so of /proc: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const MS_PER_TICK = 10;

/** What onnxruntime-node's own examples lead to. */
const plainFunction = `const path = require('node:path');
const ort = require('onnxruntime-node');

let session;

exports.http = async (req, res) => {
  session ??= await ort.InferenceSession.create(path.join(__dirname, 'model.onnx'));
  const row = Float32Array.from(Object.values(req.body));
  const input = new ort.Tensor('float32', row, [1, row.length]);
  const results = await session.run({ [session.inputNames[0]]: input });
  res.json(session.outputNames.map(name => Array.from(results[name].data, Number)));
};
`;

interface Variant {
  name: string;
  dir: string;
  target: string;
}

interface Sample {
  totalMs: number;
  cpuMs: number;
}

const { values } = parseArgs({
  options: { samples: { type: 'string', default: '30' }, json: { type: 'boolean', default: false } },
});
const example = join(import.meta.dirname, '../examples/breast-cancer');
const record = await readFile(join(example, 'record.json'));
const scratch = await mkdtemp(join(tmpdir(), 'coldpress-gcf-'));
try {
  const variants = [await plain(), await stock(), await packed()];
  const measured = new Map<string, Sample[]>(variants.map(({ name }) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < Number(values.samples); round++) {
    for (let turn = 0; turn < variants.length; turn++) {
      const variant = variants[(turn + round + WARM_UP_ROUNDS) % variants.length]!;
      const sample = await measure(variant);
      if (round >= 0) {
        measured.get(variant.name)!.push(sample);
      }
    }
  }
  print(measured);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function packed(): Promise<Variant> {
  const out = join(scratch, 'out');
  await pack({ cwd: example, env: process.env, target: 'gcf', out });
  const dir = join(scratch, 'packed');
  await cp(join(out, 'function'), dir, { recursive: true });
  await placeFramework(dir);
  return { name: 'packed', dir, target: 'http' };
}

async function stock(): Promise<Variant> {
  const dir = join(scratch, 'stock');
  await pack({ cwd: example, env: process.env, target: 'gcf', out: join(scratch, 'out') });
  await cp(join(scratch, 'out/function'), dir, { recursive: true });
  await rm(join(dir, 'functions-framework'), { recursive: true });
  await copyFramework(dir);
  return { name: 'stock', dir, target: 'http' };
}

async function plain(): Promise<Variant> {
  const dir = join(scratch, 'plain');
  await mkdir(dir);
  const host = hostOf(process);
  await copyEngine(await findEngine(host, undefined), join(dir, 'node_modules'), host);
  const path = join(example, 'model.onnx');
  // onnxruntime-node refuses a ZipMap, so whoever uses it exports the model without one.
  const { model } = rewriteModel(decodeModel(await readFile(path), path));
  await writeModel(model, join(dir, 'model.onnx'));
  await writeFile(join(dir, 'package.json'), JSON.stringify({ name: 'plain', main: 'index.js' }));
  await writeFile(join(dir, 'index.js'), plainFunction);
  await copyFramework(dir);
  return { name: 'plain', dir, target: 'http' };
}

/** The framework with all that it needs, as `npm ci` would install it; its program is executable in its package. */
async function copyFramework(dir: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(import.meta.dirname, '../package-lock.json'), 'utf8'));
  const modules = join(dir, 'node_modules');
  const queue = ['@google-cloud/functions-framework'];
  const done = new Set<string>();
  for (const name of queue) {
    const entry = lock.packages[`node_modules/${name}`];
    if (!done.has(name) && entry !== undefined) {
      done.add(name);
      await cp(join(import.meta.dirname, '../node_modules', name), join(modules, name), { recursive: true });
      queue.push(...Object.keys(entry.dependencies ?? {}));
    }
  }
  await mkdir(join(modules, '.bin'), { recursive: true });
  await symlink(
    '../@google-cloud/functions-framework/build/src/main.js',
    join(modules, '.bin/functions-framework'),
  );
}

async function measure({ name, dir, target }: Variant): Promise<Sample> {
  const port = await freePort(0);
  const startedAt = performance.now();
  const instance = await startGcfInstance({
    command: ['/bin/bash', '-c', 'exec node_modules/.bin/functions-framework'],
    cwd: dir,
    env: {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      ...{ PORT: String(port), NODE_ENV: 'production', NODE_OPTIONS: '--max-old-space-size=351' },
      ...{ FUNCTION_TARGET: target, FUNCTION_SIGNATURE_TYPE: 'http' },
    },
    onLog: () => {},
    startLimitMs: 30_000,
  });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(instance.url, { method: 'POST', headers, body: record });
  await response.arrayBuffer();
  const totalMs = performance.now() - startedAt;
  const cpuMs = await cpuOf(instance.pid);
  process.kill(instance.pid, 'SIGKILL');
  await instance.exited;
  if (response.status !== 200) {
    throw new Error(`${name} answered ${response.status}`);
  }
  return { totalMs, cpuMs };
}

async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14);
  return MS_PER_TICK * (Number(user) + Number(system));
}

function print(measured: Map<string, Sample[]>): void {
  if (values.json) {
    console.log(JSON.stringify(Object.fromEntries(measured)));
    return;
  }
  const reference = measured.get('plain')!;
  for (const [name, samples] of measured) {
    const columns = (['totalMs', 'cpuMs'] as const).map(key => {
      const own = samples.map(sample => sample[key]);
      const other = reference.map(sample => sample[key]);
      const { value, interval } = estimatePairedRatio(own, other, 1);
      const range = interval === null ? '' : ` [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
      return `${key} ${estimateMedian(own, 1).value.toFixed(1)}  ${value.toFixed(2)}${range}`;
    });
    console.log(name.padEnd(8), columns.join('   '));
  }
  console.log(
    `medians of ${reference.length}, interleaved; ratios to plain, round by round, with 95 % bootstrap intervals`,
  );
}
