/**
 * Runs a corpus of models through `pressModel` and `openModel(…).infer`, each case in a fresh process.
 *
 *     node bench/corpus/run.ts CORPUS [--only SUBSTRING] [--jobs N] [--json FILE]
 *
 * CORPUS is a folder with `manifest.json`, which has a row per case, and the cases' folders.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { CaseResult } from './case.ts';

interface Row {
  path: string;
  category: string;
  matches?: boolean | null;
  expect?: 'refuse' | 'ok' | 'any' | 'bounded' | 'no-crash' | 'leak-must-not';
}

type Outcome = (CaseResult | { kind: 'crashed'; reason: string }) & {
  row: Row;
  seconds: number;
  peakMb: number;
  leaked: boolean;
};

const canary = 'COLDPRESS-CANARY';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
const [corpus = ''] = positionals;
const rows: Row[] = JSON.parse(readFileSync(join(corpus, 'manifest.json'), 'utf8'));
const queue = rows.filter(row => row.path.includes(values.only));
const outcomes: Outcome[] = [];
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
report();

async function work(): Promise<void> {
  for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
    outcomes.push(await runCase(row));
  }
}

async function runCase(row: Row): Promise<Outcome> {
  const script = fileURLToPath(new URL('./case.ts', import.meta.url));
  const start = performance.now();
  const child = promisify(execFile)(
    '/usr/bin/env',
    // `timeout` also ends the processes that the case started.
    [
      ...['timeout', '--signal=KILL', '60', 'time', '-f', 'PEAK %M'],
      ...[process.execPath, script, join(corpus, row.path)],
    ],
    { maxBuffer: 1e9 },
  );
  const { stdout, stderr, failure } = await child.then(
    done => ({ ...done, failure: undefined }),
    error => ({
      stdout: error.stdout as string,
      stderr: error.stderr as string,
      failure: String(error.signal ?? error.code),
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const peakMb = Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? 0) / 1024;
  const leaked = stdout.includes(canary) || stderr.includes(canary);
  const line = stdout.trim().split('\n').at(-1) ?? '';
  const result = line.startsWith('{')
    ? (JSON.parse(line) as CaseResult)
    : { kind: 'crashed' as const, reason: failure ?? stderr };
  return { ...result, row, seconds, peakMb, leaked };
}

function report(): void {
  const good = outcomes.filter(({ row }) => row.category !== 'bad');
  const bad = outcomes.filter(({ row }) => row.category === 'bad');
  const matched = good.filter(({ kind }) => kind === 'matched');
  const lost = good.filter(({ row, kind }) => row.matches === true && kind !== 'matched');
  console.log(
    `good: ${matched.length} of ${good.length} match (plain onnxruntime-node: ${good.filter(({ row }) => row.matches).length}); lost: ${lost.length}`,
  );
  for (const outcome of good.filter(({ kind }) => kind !== 'matched')) {
    console.log(`  ${outcome.row.path}: ${describe(outcome)}`);
  }
  const wrong = bad.filter(outcome => !isAsExpected(outcome));
  console.log(
    `bad: ${bad.length - wrong.length} of ${bad.length} as expected; slowest ${Math.max(...bad.map(o => o.seconds)).toFixed(1)} s, highest peak ${Math.max(...bad.map(o => o.peakMb)).toFixed(0)} MB`,
  );
  for (const outcome of wrong) {
    console.log(`  ${outcome.row.path} (${outcome.row.expect}): ${describe(outcome)}`);
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, JSON.stringify(outcomes, null, 2));
  }
}

function isAsExpected({ kind, row, seconds, peakMb, leaked }: Outcome): boolean {
  if (kind === 'crashed' || leaked || seconds > 10 || peakMb > 1000) {
    return false;
  }
  return row.expect === 'refuse'
    ? kind === 'refused'
    : row.expect === 'ok'
      ? kind !== 'refused' && kind !== 'differs'
      : true;
}

function describe(outcome: Outcome): string {
  const what =
    outcome.kind === 'refused'
      ? `${outcome.code}: ${outcome.message}`
      : 'reason' in outcome
        ? outcome.reason
        : outcome.kind;
  return `${outcome.kind}, ${outcome.seconds.toFixed(1)} s, ${outcome.peakMb.toFixed(0)} MB${outcome.leaked ? ', LEAKED' : ''}: ${what.slice(0, 220)}`;
}
