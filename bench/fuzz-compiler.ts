/**
 * Runs mutated models through the compiler and opens the compiled programs, in processes with little memory:
 *   node bench/fuzz-compiler.ts [--cases 100000] [--seed SEED] [--corpus DIR]
 * Exits with 1 if a process ended or hung, exceeded its memory limit, or threw anything but a ColdpressError.
 */
import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Range, Report } from './fuzz-compiler/worker.ts';

const perBatch = 250;
const heapMb = 256;
const mostMb = 512;
const timeoutMs = 300_000;

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    corpus: { type: 'string' },
  },
});
const [first, seed] = [Number(options.from), Number(options.seed)];
const end = first + Number(options.cases);
const outcomes = new Map<string, number>();
let failures = 0;
let [slowestMs, peakMb] = [0, 0];
let worker = startWorker();

console.log(`${options.cases} cases, seed ${seed}`);
for (let from = first; from < end; from += perBatch) {
  const range = { seed, from, to: Math.min(end, from + perBatch), corpus: options.corpus };
  const report = await run(range);
  if (typeof report === 'string') {
    fail(`cases ${range.from} to ${range.to - 1}: ${report}`);
    worker.kill('SIGKILL');
    worker = startWorker();
    continue;
  }
  for (const [outcome, count] of Object.entries(report.outcomes)) {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
  }
  report.failures.forEach(fail);
  slowestMs = Math.max(slowestMs, report.slowestMs);
  peakMb = Math.max(peakMb, report.peakMb);
}
for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1])) {
  console.log(`${String(count).padStart(8)}  ${outcome}`);
}
if (peakMb > mostMb) {
  fail(`a process took ${peakMb} MB`);
}
console.log(
  `slowest case ${slowestMs.toFixed(0)} ms of CPU time, largest process ${peakMb} MB, failures ${failures}`,
);
process.exit(failures === 0 ? 0 : 1);

/** Returns the report of a batch, or why its process died. */
async function run(range: Range): Promise<Report | string> {
  const over = AbortSignal.timeout(timeoutMs);
  const ended = new AbortController();
  const signal = AbortSignal.any([over, ended.signal]);
  worker.send(range);
  try {
    return await Promise.race([
      once(worker, 'message', { signal }).then(([report]) => report as Report),
      once(worker, 'exit', { signal }).then(([code, by]) => `the process ended, ${code ?? by}`),
    ]);
  } catch {
    return `no answer in ${timeoutMs / 1000} s`;
  } finally {
    ended.abort();
  }
}

function startWorker() {
  return fork(fileURLToPath(new URL('fuzz-compiler/worker.ts', import.meta.url)), {
    execArgv: [`--max-old-space-size=${heapMb}`],
  });
}

function fail(what: string): void {
  failures++;
  console.log(what);
}
