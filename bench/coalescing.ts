/**
 * The benefit of sharing a run between concurrent requests: requests per second and latencies of 64 clients that send
 * without a pause, with coalescing and with one run per request, taking turns.
 *
 *     node bench/coalescing.ts [--rounds N] [--requests N] [--clients N]
 *
 * Measured on a generated model, of which one row costs at least 2 ms and 32 rows at most 8 ms, and on the example.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { estimatePairedRatio } from '../lib/bench/statistics/estimate.ts';
import { startGcf } from '../lib/local/gcf/start.ts';
import { hostOf } from '../lib/local/host.ts';
import { writeModel } from '../lib/model/write.ts';
import { pack } from '../lib/pack/pack.ts';
import { openModel } from '../lib/runtime/open-model.ts';
import type { InferInput } from '../lib/runtime/tensor/types.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { type Body, type Load, load } from './load.ts';
import { startGraph } from './models/graph.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '2000' },
    clients: { type: 'string', default: '64' },
  },
});
const [rounds, requests, clients] = [values.rounds, values.requests, values.clients].map(Number) as [
  number,
  number,
  number,
];
const example = join(import.meta.dirname, '../examples/breast-cancer');
const scratch = await makeTemporaryFolder({ purpose: 'coalescing' });

/** Environments for one run per request, and for coalescing. */
const variants = { alone: { COLDPRESS_BATCH_ROWS: '1' }, together: {} };

/** Target costs of the generated model. */
const wanted = { oneMs: 2, batchMs: 8 };

try {
  const deep = await packDeep();
  await compare('generated model', { ...deep, perSecond: 2 });
  const dir = join(scratch, 'example');
  await pack({ cwd: example, env: process.env, target: 'gcf', arch: 'x64', out: dir });
  const body = await readFile(join(example, 'request.json'));
  await compare('example', { dir, body, perSecond: 1 });
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/**
 * Packs a model with many layers, each so small that starting it costs as much as a row, so additional rows cost
 * little. The number of layers is chosen so that one row has the target cost.
 */
async function packDeep(): Promise<{ dir: string; body: Body }> {
  const width = 16;
  const dir = join(scratch, 'deep');
  const rows = (count: number) => Float32Array.from({ length: count * width }, (_, i) => Math.sin(i));
  for (let layers = 400; ; ) {
    const graph = startGraph('deep', 1);
    let value = graph.input('x', 'FP32', ['N', width]);
    for (let layer = 0; layer < layers; layer++) {
      const weight = graph.weight(`w${layer}`, [width, width], 0.5);
      value = graph.node('Tanh', [graph.node('MatMul', [value, weight])]);
    }
    graph.output(value, 'y', 'FP32', ['N', width]);
    const model = join(scratch, 'deep.onnx');
    await writeModel({ proto: graph.model() }, model);
    await pack({ cwd: scratch, env: process.env, target: 'gcf', arch: 'x64', model, out: dir });
    const [oneMs, batchMs] = measureRuns(dir, count => ({ data: rows(count), shape: [count, width] }));
    console.log(`${layers} layers: one row ${oneMs.toFixed(2)} ms, 32 rows ${batchMs.toFixed(2)} ms`);
    if (oneMs >= wanted.oneMs) {
      const fits =
        batchMs <= wanted.batchMs ? '' : `, not at most ${wanted.batchMs} ms: this machine is too slow`;
      console.log(`one row costs at least ${wanted.oneMs} ms${fits}`);
      return { dir, body: bodyOf(rows(1), [1, width]) };
    }
    layers = Math.ceil(layers * Math.max(1.1, (1.2 * wanted.oneMs) / oneMs));
  }
}

/** Median costs of 1 and 32 rows in bare runs in this process. */
function measureRuns(
  dir: string,
  rows: (count: number) => Pick<InferInput, 'data' | 'shape'>,
): [oneMs: number, batchMs: number] {
  const model = openModel(join(dir, 'function'));
  const cost = (count: number) => {
    const inputs = [{ name: 'x', datatype: 'FP32' as const, ...rows(count) }];
    const times = Array.from({ length: 60 }, () => {
      const startedAt = performance.now();
      model.infer({ inputs });
      return performance.now() - startedAt;
    });
    // The first half is warm-up.
    return times.slice(30).sort((a, b) => a - b)[15]!;
  };
  try {
    return [cost(1), cost(32)];
  } finally {
    model.close();
  }
}

/** Sends raw bytes, like a client that cares about speed: JSON numbers would cost more than the run. */
function bodyOf(data: Float32Array<ArrayBuffer>, shape: number[]): Body {
  const bytes = Buffer.from(data.buffer);
  const head = {
    inputs: [{ name: 'x', datatype: 'FP32', shape, parameters: { binary_data_size: bytes.length } }],
  };
  const json = Buffer.from(JSON.stringify(head));
  return Object.assign(Buffer.concat([json, bytes]), { jsonLength: json.length });
}

async function start(dir: string, env: Record<string, string>) {
  const fn = await startGcf(dir, { host: hostOf(process), port: 0, signature: 'http', env });
  return { ...fn, url: `${fn.instance.url}/v2/models/${fn.manifest.name}/infer` };
}

/** @param goal - `perSecond`: the required ratio of requests per second; latencies must not be worse. */
async function compare(name: string, goal: { dir: string; body: Body; perSecond: number }): Promise<void> {
  const loads: Record<keyof typeof variants, Load[]> = { alone: [], together: [] };
  for (let round = 0; round < rounds; round++) {
    for (const variant of ['alone', 'together'] as const) {
      const fn = await start(goal.dir, variants[variant]);
      await load(fn.url, goal.body, { count: requests / 4, clients });
      loads[variant].push(await load(fn.url, goal.body, { count: requests, clients }));
      await fn.close();
    }
  }
  const limits = { perSecond: `at least ${goal.perSecond}`, p99Ms: 'at most 1' };
  for (const key of ['perSecond', 'p99Ms'] as const) {
    const of = (variant: keyof typeof variants) => loads[variant].map(one => one[key]);
    const { value, interval } = estimatePairedRatio(of('together'), of('alone'), 1);
    const range = interval === null ? '' : ` [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
    const listed = (variant: keyof typeof variants) => of(variant).map(number => number.toFixed(0));
    console.log(
      `${name}, ${key}: ${listed('together')} together, ${listed('alone')} alone: ` +
        `${value.toFixed(2)}${range}, wanted ${limits[key]}`,
    );
  }
}
