/**
 * Hostile requests to packed functions, each model on both platforms under the platform's own runtime:
 *   node bench/hostile.ts [--requests 100000] [--models 40] [--seed 1] [--only pad] [--corpus FOLDER]...
 * No process may end, no answer be a 5xx but 503, no value of a record be logged, resident memory grow by more than
 * 50 MB, or a request that is refused block the event loop for more than 200 ms. Exits with 1 when one did otherwise.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pack } from '../lib/pack/pack.ts';
import { attack, type Findings } from './hostile/attack.ts';
import { type HostileModel, hostileModels } from './hostile/models.ts';
import { attackGcf, attackLambda } from './hostile/target.ts';
import { randomNumbers } from './models/random.ts';

const targets = { 'aws-lambda': attackLambda, gcf: attackGcf } as const;
type Target = keyof typeof targets;

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    models: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    target: { type: 'string', default: '' },
    corpus: { type: 'string', multiple: true, default: [] },
  },
});
const scratch = await mkdtemp(join(tmpdir(), 'coldpress-hostile-'));
const models = choose(hostileModels(options.corpus).filter(({ file }) => file.includes(options.only)));
const chosen = (Object.keys(targets) as Target[]).filter(target => target.includes(options.target));
const each = Math.ceil(Number(options.requests) / (models.length * chosen.length));
let faults = 0;
let requests = 0;
let most = { ms: 0, growthMb: Number.NEGATIVE_INFINITY };
const total = new Map<string, number>();
try {
  for (const [index, model] of models.entries()) {
    const path = join(scratch, model.file);
    await writeFile(path, model.bytes);
    for (const target of chosen) {
      // Every other has room for the largest body of Cloud Run, which a small instance refuses by its size.
      const memoryMb = index % 2 === 0 ? undefined : 2048;
      const findings = await attackModel(model, { path, target, memoryMb });
      if (findings !== undefined) {
        tell(`${model.file} on ${target}`, findings);
      }
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
const tally = [...total].sort(([a], [b]) => a.localeCompare(b)).map(([what, times]) => `${what}: ${times}`);
console.log(`${requests} requests of seed ${options.seed} to ${models.length} models: ${tally.join(', ')}`);
console.log(
  `loop blocked for ${most.ms.toFixed(0)} ms at most before a refusal; memory grew by ${most.growthMb.toFixed(1)} MB at most`,
);
console.log(`${faults} kinds of faults`);
process.exitCode = faults === 0 && requests > 0 ? 0 : 1;

/** So many of all, evenly. */
function choose(all: HostileModel[]): HostileModel[] {
  const count = Math.min(Number(options.models), all.length);
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
}

async function attackModel(
  { file, engine }: HostileModel,
  { path, target, memoryMb }: { path: string; target: Target; memoryMb: number | undefined },
): Promise<Findings | undefined> {
  const dir = join(scratch, 'artifact');
  try {
    await pack({ cwd: scratch, env: process.env, target, engine, model: path, arch: 'x64', out: dir });
  } catch (error) {
    console.log(`${file} on ${target}: not packed: ${(error as Error).message}`);
    faults++;
    return undefined;
  }
  const random = randomNumbers(Number(options.seed));
  const fn = await targets[target]({ dir, scratch, memoryMb, random, largeShare: 0.01 });
  try {
    return await attack(fn, each);
  } finally {
    await fn.close();
  }
}

function tell(
  name: string,
  { outcomes, faults: found, blocked, residentMb: [before, after] }: Findings,
): void {
  for (const [outcome, times] of outcomes) {
    total.set(outcome, (total.get(outcome) ?? 0) + times);
    requests += times;
  }
  most = { ms: Math.max(most.ms, blocked.ms), growthMb: Math.max(most.growthMb, after - before) };
  faults += found.size;
  const memory = `memory ${before.toFixed(0)} to ${after.toFixed(0)} MB`;
  console.log(`${name}: blocked ${blocked.ms.toFixed(0)} ms at most (${blocked.kind}), ${memory}`);
  for (const [fault, times] of found) {
    console.log(`  ${times} times: ${fault}`);
  }
}
