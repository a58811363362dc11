/**
 * What it gives that requests which arrive together share a run: requests a second and latencies of 64 clients that
 * ask without a pause, with coalescing and with one run a request, the two taking turns.
 *
 *     node bench/coalescing.ts [--rounds N] [--requests N] [--clients N]
 *
 * On a generated model, of which one row costs at least 2 ms and 32 at most four times that, and on the example.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { estimatePairedRatio } from '../lib/bench/statistics/estimate.ts';
import { startGcf } from '../lib/local/gcf/start.ts';
import { hostOf } from '../lib/local/host.ts';
import { parseManifest } from '../lib/manifest.ts';
import { writeModel } from '../lib/model/write.ts';
import { pack } from '../lib/pack/pack.ts';
import { startGraph } from './models/graph.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '2000' },
    clients: { type: 'string', default: '64' },
  },
});
const rounds = Number(values.rounds);
const example = join(import.meta.dirname, '../examples/breast-cancer');
const scratch = await mkdtemp(join(tmpdir(), 'coldpress-coalescing-'));

/** Of one run a request, and of coalescing. */
const variants = { alone: { COLDPRESS_BATCH_ROWS: '1' }, together: {} };

interface Load {
  perSecond: number;
  p99Ms: number;
}

try {
  const wide = await packWide();
  await checkRuns(wide.dir, wide.body);
  await compare('generated model', wide.dir, wide.body);
  const out = join(scratch, 'example');
  await pack({ cwd: example, env: process.env, target: 'gcf', out });
  await compare('example', out, () => readFile(join(example, 'request.json')));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** Layers so wide that reading their weights takes longer than multiplying a row: more rows cost little more. */
async function packWide() {
  const width = 1536;
  const graph = startGraph('wide', 1);
  let value = graph.input('x', 'FP32', ['N', width]);
  for (let layer = 0; layer < 4; layer++) {
    value = graph.node('Tanh', [
      graph.node('MatMul', [value, graph.weight(`w${layer}`, [width, width], 0.02)]),
    ]);
  }
  const last = graph.node('MatMul', [value, graph.weight('last', [width, 8], 0.02)]);
  graph.output(last, 'y', 'FP32', ['N', 8]);
  const model = join(scratch, 'wide.onnx');
  await writeModel({ proto: graph.model() }, model);
  const dir = join(scratch, 'wide');
  await pack({ cwd: scratch, env: process.env, target: 'gcf', model, out: dir });
  const body = (rows: number) => {
    const data = Array.from({ length: rows * width }, (_, i) => Math.sin(i));
    return bodyOf(data, [rows, width]);
  };
  return { dir, body: async (rows = 1) => body(rows) };
}

/** JSON of numbers would cost more than the run: raw bytes, as a client in a hurry sends them. */
function bodyOf(data: number[], shape: number[]): Buffer {
  const bytes = Buffer.from(Float32Array.from(data).buffer);
  const head = {
    inputs: [{ name: 'x', datatype: 'FP32', shape, parameters: { binary_data_size: bytes.length } }],
  };
  const json = Buffer.from(JSON.stringify(head));
  return Object.assign(Buffer.concat([json, bytes]), { jsonLength: json.length });
}

async function start(dir: string, env: Record<string, string>) {
  const manifest = parseManifest(await readFile(join(dir, 'function/coldpress.json'), 'utf8'));
  const fn = await startGcf(dir, manifest, { host: hostOf(process), port: 0, signature: 'http', env });
  return { ...fn, url: `${fn.instance.url}/v2/models/${manifest.name}/infer` };
}

/** Tells what one row and 32 cost, so that a reader knows what was compared. */
async function checkRuns(dir: string, body: (rows: number) => Promise<Buffer>): Promise<void> {
  const fn = await start(dir, variants.alone);
  const agent = new Agent({ keepAlive: true });
  const cost = async (rows: number) => {
    const sent = await body(rows);
    const times: number[] = [];
    for (let i = 0; i < 30; i++) {
      times.push(await ask(fn.url, sent, agent));
    }
    return times.toSorted((a, b) => a - b)[15]!;
  };
  console.log(
    `one row ${(await cost(1)).toFixed(2)} ms, 32 rows ${(await cost(32)).toFixed(2)} ms, answered`,
  );
  agent.destroy();
  await fn.close();
}

async function compare(name: string, dir: string, body: () => Promise<Buffer>): Promise<void> {
  const loads: Record<keyof typeof variants, Load[]> = { alone: [], together: [] };
  const sent = await body();
  for (let round = 0; round < rounds; round++) {
    for (const variant of ['alone', 'together'] as const) {
      const fn = await start(dir, variants[variant]);
      await load(fn.url, sent, Number(values.requests) / 4);
      loads[variant].push(await load(fn.url, sent, Number(values.requests)));
      await fn.close();
    }
  }
  for (const key of ['perSecond', 'p99Ms'] as const) {
    const of = (variant: keyof typeof variants) => loads[variant].map(one => one[key]);
    const { value, interval } = estimatePairedRatio(of('together'), of('alone'), 1);
    const range = interval === null ? '' : ` [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
    const listed = (variant: keyof typeof variants) => of(variant).map(number => number.toFixed(0));
    console.log(
      `${name}, ${key}: ${listed('together')} together, ${listed('alone')} alone: ${value.toFixed(2)}${range}`,
    );
  }
}

async function load(url: string, body: Buffer, count: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(values.clients) });
  const times: number[] = [];
  let left = count;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: Number(values.clients) }, async () => {
      while (left > 0) {
        left -= 1;
        times.push(await ask(url, body, agent));
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p99Ms: times[Math.floor(times.length * 0.99)]! };
}

function ask(url: string, body: Buffer & { jsonLength?: number }, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  const { jsonLength } = body;
  const headers = {
    'content-length': body.length,
    ...(jsonLength === undefined
      ? { 'content-type': 'application/json' }
      : { 'content-type': 'application/octet-stream', 'inference-header-content-length': jsonLength }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) {
          resolve(performance.now() - startedAt);
        } else {
          reject(new Error(`answered ${response.statusCode}`));
        }
      });
    });
    sent.on('error', reject).end(body);
  });
}
