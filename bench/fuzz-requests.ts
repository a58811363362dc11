/**
 * Hostile requests through everything between the platform's event and the engine, in this process:
 *   node bench/fuzz-requests.ts [--malformed 1000] [--cases 100000] [--seed 1]
 * First requests that are malformed in a known way, each of which must be refused with a 4xx that names the field,
 * while memory grows by less than 50 MB; then mutated good requests, JSON and binary, of which none may end in a 500.
 * Exits with 1 when one did otherwise, or a case took over 50 ms four times.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { ColdpressFunction } from '../lib/runtime/function.ts';
import type { HttpRequest } from '../lib/runtime/http/types.ts';
import { goodInputs } from '../test/runtime/http/good-inputs.ts';
import { limits, malformed } from '../test/runtime/http/malformed.ts';
import { makeScratch, openWith, post, pressEcho, readJson } from '../test/runtime/http/models.ts';
import { randomNumbers } from './models/random.ts';
import { mutateRequest } from './mutate-request.ts';

const slowMs = 50;
const maxGrowthMb = 50;

const { values: options } = parseArgs({
  options: {
    malformed: { type: 'string', default: '1000' },
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string' },
  },
});
const seed = Number(options.seed ?? randomInt(2 ** 31));
console.log(`seed ${seed}`);

let failures = 0;
const good = post('/v2/models/echo/infer', { inputs: goodInputs() });
const scratch = makeScratch();
try {
  const fn = openWith(await pressEcho(scratch.dir), { http: { limits } });
  // What would be logged is counted.
  console.error = () => {};
  await checkGood(fn);
  await refuseMalformed(fn, Number(options.malformed));
  await surviveMutated(fn, Number(options.cases));
} finally {
  scratch.remove();
}
process.exitCode = failures === 0 ? 0 : 1;

async function refuseMalformed(fn: ColdpressFunction, count: number): Promise<void> {
  const statuses = new Map<number, number>();
  // The first of each kind makes what is made once: zlib, compiled code.
  const requests = malformed(randomNumbers(seed));
  let baseMb = 0;
  for (let index = 0; index < count; index++) {
    if (index === 100) {
      baseMb = residentMb();
    }
    const { kind, request, names } = requests.next().value!;
    const response = await fn.http(request);
    const { status } = response;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status < 400 || status >= 500 || !names.test(readJson(response).error)) {
      fail(`malformed ${index}, ${kind}: ${status} ${String(response.body).slice(0, 200)}`);
    }
  }
  await checkGood(fn);
  const growthMb = residentMb() - baseMb;
  if (growthMb > maxGrowthMb) {
    fail(`memory grew by ${growthMb.toFixed(0)} MB`);
  }
  const tally = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
  console.log(
    `${count} malformed: ${tally.join(', ')}; resident memory grew by ${growthMb.toFixed(1)} MB after the first 100`,
  );
}

async function surviveMutated(fn: ColdpressFunction, count: number): Promise<void> {
  const random = randomNumbers(seed + 1);
  const statuses = new Map<number, number>();
  let slowestMs = 0;
  for (let index = 0; index < count; index++) {
    const request = mutateRequest(goodInputs(), random);
    const { status, ms } = await timed(fn, request);
    let fastestMs = ms;
    for (let again = 0; fastestMs > slowMs && again < 3; again++) {
      fastestMs = Math.min(fastestMs, (await timed(fn, request)).ms);
    }
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    slowestMs = Math.max(slowestMs, fastestMs);
    if (status >= 500 || fastestMs > slowMs) {
      fail(
        `mutated ${index}: ${status} in ${fastestMs.toFixed(0)} ms: ${String(request.body).slice(0, 300)}`,
      );
    }
  }
  await checkGood(fn);
  const tally = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
  console.log(
    `${count} mutated: ${tally.join(', ')}; slowest ${slowestMs.toFixed(1)} ms; failures ${failures}`,
  );
}

async function timed(fn: ColdpressFunction, request: HttpRequest): Promise<{ status: number; ms: number }> {
  const start = performance.now();
  const { status } = await fn.http(request);
  return { status, ms: performance.now() - start };
}

async function checkGood(fn: ColdpressFunction): Promise<void> {
  const response = await fn.http(good);
  const data =
    response.status === 200 ? readJson(response).outputs.map((output: { data: unknown }) => output.data) : [];
  if (JSON.stringify(data) !== JSON.stringify(goodInputs().map(input => input.data))) {
    fail(`a good request got ${response.status} ${String(response.body).slice(0, 300)}`);
  }
}

function residentMb(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}

function fail(message: string): void {
  failures++;
  if (failures <= 20) {
    console.log(message);
  }
}
