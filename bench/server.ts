/**
 * The container server under load, compared with the plain way, express and onnxruntime-node: requests per second,
 * latencies, and CPU time per request, with 64 clients that send without a pause; the servers take turns. The clients
 * share one process; if the machine is busy, compare the CPU time.
 *
 *     node bench/server.ts [--rounds N] [--requests N] [--clients N]
 *
 * Measured on the example, with either engine. For cold starts: `coldpress bench DIR --baseline naive` with artifacts
 * of the target.
 */
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyEngine, findEngine } from '../lib/bench/baselines/engine.ts';
import { copyPackage } from '../lib/bench/baselines/installed-package.ts';
import { cpuTimeMs } from '../lib/bench/machine/cpu-time.ts';
import { estimatePairedRatio } from '../lib/bench/statistics/estimate.ts';
import { startContainer } from '../lib/local/container/start.ts';
import { freePort } from '../lib/local/free-port.ts';
import { hostOf } from '../lib/local/host.ts';
import { startServerProcess } from '../lib/local/server-process.ts';
import { rewriteModel } from '../lib/model/passes/index.ts';
import { readModel } from '../lib/model/read.ts';
import { writeModel } from '../lib/model/write.ts';
import { pack } from '../lib/pack/pack.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { type Load, load } from './load.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    requests: { type: 'string', default: '4000' },
    clients: { type: 'string', default: '64' },
  },
});
const [rounds, count, clients] = [values.rounds, values.requests, values.clients].map(Number) as [
  number,
  number,
  number,
];
const host = hostOf(process);
const example = join(import.meta.dirname, '../examples/breast-cancer');
const scratch = await makeTemporaryFolder({ purpose: 'server' });
const variants = ['plain', 'onnxruntime', 'compiled'] as const;
type Variant = (typeof variants)[number];

/** CPU time of the server per request. */
type Measured = Load & { cpuMicroseconds: number };

interface Started {
  url: string;
  pid: number;
  close(): Promise<unknown>;
}

try {
  await writePlain(join(scratch, 'plain'));
  for (const engine of ['onnxruntime', 'compiled'] as const) {
    const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
    const out = join(scratch, engine);
    await pack({ cwd: example, env: process.env, target: 'container', engine, arch, out });
  }
  const body = await readFile(join(example, 'request.json'));
  const loads: Record<Variant, Measured[]> = { plain: [], onnxruntime: [], compiled: [] };
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) {
      const server = await start(variant);
      await load(server.url, body, { count: count / 2, clients });
      const cpuMs = cpuTimeMs(server.pid)!;
      const measured = await load(server.url, body, { count, clients });
      const cpuMicroseconds = (1000 * (cpuTimeMs(server.pid)! - cpuMs)) / count;
      loads[variant].push({ ...measured, cpuMicroseconds });
      await server.close();
    }
  }
  report(loads);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function writePlain(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await copyFile(join(import.meta.dirname, 'server/plain.cjs'), join(dir, 'index.cjs'));
  // Without the ZipMap, which onnxruntime-node rejects.
  const { model } = rewriteModel(await readModel(join(example, 'model.onnx')));
  if (model.format === 'onnx') {
    await writeModel(model, join(dir, 'model.onnx'));
  }
  await copyPackage('express', join(dir, 'node_modules'), { host, range: '5' });
  await copyEngine(await findEngine(host, undefined), join(dir, 'node_modules'), host);
}

async function start(variant: Variant): Promise<Started> {
  const dir = join(scratch, variant);
  if (variant !== 'plain') {
    const { instance, manifest, close } = await startContainer(dir, { host, port: 0 });
    return { url: `${instance.url}/v2/models/${manifest.name}/infer`, pid: instance.pid, close };
  }
  const port = await freePort(0);
  const instance = await startServerProcess({
    command: [process.execPath, 'index.cjs'],
    cwd: dir,
    env: { PORT: String(port), NODE_ENV: 'production' },
    onLog: () => {},
    startLimitMs: 60_000,
  });
  return { url: `${instance.url}/infer`, pid: instance.pid, close: () => instance.stop() };
}

function report(loads: Record<Variant, Measured[]>): void {
  for (const variant of variants) {
    for (const key of ['perSecond', 'p99Ms', 'cpuMicroseconds'] as const) {
      const own = loads[variant].map(one => one[key]);
      const plain = loads.plain.map(one => one[key]);
      const { value, interval } = estimatePairedRatio(own, plain, 1);
      const range = interval === null ? '' : ` [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
      const listed = own.map(number => number.toFixed(0)).join(' ');
      console.log(`${variant}, ${key}: ${listed}; to plain ${value.toFixed(2)}${range}`);
    }
  }
}
