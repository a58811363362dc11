/**
 * Cold starts under the local Lambda: from the spawn of the process to its first answer, a fresh process each.
 *
 *     node bench/cold-start.ts DIR... --event FILE [--baseline naive --model FILE] [--baseline hello]
 *                              [--samples N] [--memory MB] [--json]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openArtifact } from '../lib/local/artifact.ts';
import { functionArn } from '../lib/local/environment.ts';
import { hostOf } from '../lib/local/host.ts';
import { resolveHostEngine } from '../lib/local/host-engine.ts';
import { startInstance } from '../lib/local/instance.ts';
import { type LambdaPlan, resolveLambdaOptions } from '../lib/local/lambda-options.ts';
import { chooseNode } from '../lib/local/node.ts';
import { awaitInit, runInvocation } from '../lib/local/run-instance.ts';
import { resolveRuntimeClient, runtimeClientPlaces } from '../lib/local/runtime-client/resolve-client.ts';
import { createSandbox } from '../lib/local/sandbox.ts';
import { buildHello } from './baselines/hello.ts';
import { buildNaive } from './baselines/naive.ts';
import { randomNumbers } from './models/random.ts';

/** What every other variant is compared with, where it runs. */
const REFERENCE = 'naive';
/** Rounds that fill the page cache and are thrown away. */
const WARM_UP_ROUNDS = 3;
const RESAMPLES = 2000;

interface Sample {
  totalMs: number;
  /** Spawn to the runtime's first `/next`. */
  initMs: number;
  peakMemoryMb: number | undefined;
}

interface Variant {
  name: string;
  /** `aws-lambda-ric 4.0.2`, or `coldpress` for our own client. */
  runtimeClient: string;
  sample(): Promise<Sample>;
  close(): Promise<void>;
}

interface Measured {
  name: string;
  runtimeClient: string;
  samples: Sample[];
}

/** Unpacks the artifact once; its samples share the folder and nothing else. */
async function openVariant(name: string, dir: string, event: Buffer, plan: LambdaPlan): Promise<Variant> {
  const artifact = await openArtifact(dir);
  const { manifest } = artifact;
  const engine = resolveHostEngine(manifest, plan.host);
  if (engine.kind === 'host') {
    console.error(`${name}: ${engine.note}`);
  }
  const node = await chooseNode(manifest.versions.node, plan.host);
  const client = resolveRuntimeClient(runtimeClientPlaces(plan.host), plan.runtimeClient);
  const sandbox = await createSandbox(artifact, engine);
  const entry = await client.install(sandbox.runtime);
  return {
    name,
    runtimeClient: client.name,
    close: () => sandbox.remove(),
    async sample() {
      let log = '';
      const onLog = (text: string) => {
        log += text;
      };
      const instance = await startInstance({
        ...plan,
        manifest,
        sandbox,
        node,
        entry,
        onLog,
        logStream: 'bench',
      });
      try {
        const init = await awaitInit(instance, plan.initLimitMs);
        if (init.kind === 'failed') {
          throw new Error(`${name}: INIT failed\n${log}`);
        }
        const limitMs = plan.timeoutSeconds * 1000;
        const end = await runInvocation(
          instance,
          {
            requestId: crypto.randomUUID(),
            deadlineMs: Date.now() + limitMs,
            functionArn: functionArn(manifest.name),
            traceId: '',
            payload: event,
          },
          limitMs,
        );
        const answer = end.outcome.kind === 'response' ? end.outcome.payload.toString() : end.outcome.kind;
        if (end.outcome.kind !== 'response' || JSON.parse(answer)?.statusCode !== 200) {
          throw new Error(`${name} did not answer with 200: ${answer.slice(0, 500)}\n${log}`);
        }
        return {
          totalMs: init.initMs + end.answerMs,
          initMs: init.initMs,
          peakMemoryMb: instance.memoryMb(),
        };
      } finally {
        await instance.kill();
      }
    },
  };
}

/** One sample of every variant a round, each round beginning with another variant. */
async function sampleInterleaved(
  variants: Variant[],
  rounds: number,
  stop: AbortSignal,
): Promise<Measured[]> {
  const measured = variants.map(({ name, runtimeClient }) => ({
    name,
    runtimeClient,
    samples: [] as Sample[],
  }));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (let turn = 0; turn < variants.length; turn++) {
      stop.throwIfAborted();
      const index = (turn + round + WARM_UP_ROUNDS) % variants.length;
      const sample = await variants[index]!.sample();
      if (round >= 0) {
        measured[index]!.samples.push(sample);
      }
    }
  }
  return measured;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** Ratio of the medians with its 95 % percentile bootstrap interval; rounds are resampled, so pairs stay together. */
function ratioOfMedians(values: number[], reference: number[]) {
  const random = randomNumbers(1);
  const resampled = Array.from({ length: RESAMPLES }, () => {
    const rounds = values.map(() => Math.floor(random() * values.length));
    return median(rounds.map(i => values[i]!)) / median(rounds.map(i => reference[i]!));
  }).sort((a, b) => a - b);
  return {
    ratio: median(values) / median(reference),
    low: resampled[Math.floor(0.025 * RESAMPLES)]!,
    high: resampled[Math.ceil(0.975 * RESAMPLES) - 1]!,
  };
}

function formatRow({ name, samples }: Measured, reference: Measured | undefined): string[] {
  const totals = samples.map(sample => sample.totalMs);
  const row = [
    name,
    median(totals).toFixed(1),
    median(samples.map(sample => sample.initMs)).toFixed(1),
    median(samples.map(sample => sample.peakMemoryMb ?? Number.NaN)).toFixed(0),
  ];
  if (reference === undefined) {
    return row;
  }
  const { ratio, low, high } = ratioOfMedians(
    totals,
    reference.samples.map(sample => sample.totalMs),
  );
  return [...row, `${ratio.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`];
}

function printTable(measured: Measured[]): void {
  const reference = measured.find(({ name }) => name === REFERENCE);
  const head = ['', 'first answer ms', 'init ms', 'peak MB', ...(reference ? [`ratio to ${REFERENCE}`] : [])];
  const rows = [head, ...measured.map(one => formatRow(one, reference))];
  const widths = head.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  for (const row of rows) {
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    );
  }
  const clients = [...new Set(measured.map(({ runtimeClient }) => runtimeClient))].join(', ');
  console.log(
    `medians of ${measured[0]?.samples.length} fresh processes each, interleaved, under ${clients}`,
  );
}

const { positionals: dirs, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    event: { type: 'string' },
    baseline: { type: 'string', multiple: true, default: [] },
    model: { type: 'string' },
    samples: { type: 'string', default: '30' },
    memory: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const samples = Number(flags.samples);
if (!Number.isInteger(samples) || samples < 1) {
  throw new Error(`--samples is ${flags.samples}`);
}
if (flags.event === undefined) {
  throw new Error('--event FILE is missing: the event that every function is sent');
}
const event = await readFile(flags.event);
const memoryMb = flags.memory === undefined ? undefined : Number(flags.memory);
const plan = resolveLambdaOptions({ host: hostOf(process), memoryMb });

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
const baselinesDir = await mkdtemp(join(tmpdir(), 'coldpress-baselines-'));
const variants: Variant[] = [];
try {
  for (const name of flags.baseline) {
    const dir = join(baselinesDir, name);
    if (name === 'hello') {
      await buildHello(dir);
    } else if (name !== 'naive') {
      throw new Error(`--baseline is ${name}: there are naive and hello`);
    } else if (flags.model === undefined) {
      throw new Error('--baseline naive needs --model FILE');
    } else {
      await buildNaive(dir, flags.model);
    }
    variants.push(await openVariant(name, dir, event, plan));
  }
  for (const dir of dirs) {
    variants.push(await openVariant(dir, dir, event, plan));
  }
  const measured = await sampleInterleaved(variants, samples, interrupted.signal);
  if (flags.json) {
    console.log(JSON.stringify({ node: process.version, variants: measured }));
  } else {
    printTable(measured);
  }
} finally {
  await Promise.all(variants.map(variant => variant.close()));
  await rm(baselinesDir, { recursive: true, force: true });
}
