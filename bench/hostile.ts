/**
 * Sends hostile requests to packed functions, each model on both platforms under the platform's own runtime:
 *   node bench/hostile.ts [--requests 100000] [--models 40] [--seed 1] [--only pad] [--corpus FOLDER]... [--minutes 9]
 *     [--jobs 4]
 * No process may end, no answer may be a 5xx except 503, no value of a record may be logged, memory must not grow (see
 * attack.ts), and a rejected request must not block the event loop for more than 200 ms of CPU time. Exits with 1 if
 * any of this happens. `--jobs` functions are attacked in parallel, each by one request at a time. The findings of each
 * model are written to a journal, and the same command resumes after the last one. It exits with 2 if `--minutes` ended
 * it. `--fresh` starts over.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pack } from '../lib/pack/pack.ts';
import { attack, type Findings } from './hostile/attack.ts';
import { type JournalEntry, openJournal } from './hostile/journal.ts';
import { type HostileModel, hostileModels } from './hostile/models.ts';
import { formatFindings, formatTable } from './hostile/table.ts';
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
    minutes: { type: 'string', default: 'Infinity' },
    jobs: { type: 'string', default: '4' },
    fresh: { type: 'boolean', default: false },
  },
});
const endMs = performance.now() + 60_000 * Number(options.minutes);
const scratch = await mkdtemp(join(tmpdir(), 'coldpress-hostile-'));
const models = choose(hostileModels(options.corpus).filter(({ file }) => file.includes(options.only)));
const chosen = (Object.keys(targets) as Target[]).filter(target => target.includes(options.target));
const each = Math.ceil(Number(options.requests) / (models.length * chosen.length));
const parts = models.flatMap((model, index) =>
  // Every other function has room for Cloud Run's largest body, which a small instance rejects by its size.
  chosen.map(target => ({ model, target, memoryMb: index % 2 === 0 ? undefined : 2048 })),
);
const journal = openJournal('build/hostile.jsonl', { fresh: options.fresh });
const entries: JournalEntry[] = [];
try {
  const left = parts.values();
  await Promise.all(
    Array.from({ length: Number(options.jobs) }, async () => {
      for (const part of left) {
        const key = [part.model.file, part.target, `seed ${options.seed}`, `${each} requests`].join(', ');
        let entry = journal.find(key);
        if (entry === undefined) {
          if (performance.now() > endMs) {
            continue;
          }
          entry = journal.add({ key, ...(await attackModel(part)) });
        }
        entries.push(entry);
        console.log(`${entries.length}/${parts.length} ${formatFindings(entry)}`);
      }
    }),
  );
} finally {
  await rm(scratch, { recursive: true, force: true });
}
console.log(formatTable(entries));
const faults = entries.reduce((sum, entry) => sum + Object.keys(entry.faults).length, 0);
console.log(`${entries.length} of ${parts.length} parts done; ${faults} kinds of faults`);
process.exitCode = entries.length < parts.length ? 2 : faults > 0 ? 1 : 0;

/** Selects `count` models, evenly. */
function choose(all: HostileModel[]): HostileModel[] {
  const count = Math.min(Number(options.models), all.length);
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
}

async function attackModel({ model, target, memoryMb }: (typeof parts)[number]): Promise<Findings> {
  const { file, bytes, engine } = model;
  const cwd = await mkdtemp(join(scratch, 'part-'));
  const [path, dir] = [join(cwd, file), join(cwd, 'artifact')];
  await writeFile(path, bytes);
  await pack({ cwd, env: process.env, target, engine, model: path, arch: 'x64', out: dir });
  const random = randomNumbers(Number(options.seed));
  const fn = await targets[target]({ dir, scratch: cwd, memoryMb, random, largeFirst: 20, largeShare: 0.01 });
  try {
    return await attack(fn, each);
  } finally {
    await fn.close();
    await rm(cwd, { recursive: true, force: true });
  }
}
