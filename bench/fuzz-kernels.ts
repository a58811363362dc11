/**
 * Uses every operator that copies, indexes or sizes by values of a request, correctly and incorrectly, in child
 * processes:
 *   node bench/fuzz-kernels.ts [--cases 200] [--seed 1] [--only Pad] [--raw] [--progress FILE]
 * Each request runs four times, with inputs and leftover memory surrounded by one canary, then another: if the answers
 * differ, they contain foreign memory. Also, memory around an input must not be written, a copied element must not come
 * from elsewhere, and the process must not die or hang. `--raw` omits coldpress's guards, to see what the engine does
 * by itself. A run with `--progress` resumes where an earlier one with the same file was stopped. Exits with 1 if
 * anything was found.
 */
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rewriteModel } from '../lib/model/passes/index.ts';
import { decodeModel } from '../lib/model/read.ts';
import { encodeModel, writeModel } from '../lib/model/write.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { kernels } from './fuzz-kernels/cases.ts';
import { type Case, type KernelFuzz, startRandom } from './fuzz-kernels/kernel-fuzz.ts';
import { modelOf, toTensor } from './fuzz-kernels/model-of.ts';
import { keepProgress } from './fuzz-kernels/progress.ts';
import type { Job, Verdict } from './fuzz-kernels/worker.ts';
import { randomNumbers } from './models/random.ts';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    raw: { type: 'boolean', default: false },
    progress: { type: 'string' },
  },
});
const hangMs = 20_000;
const folder = await makeTemporaryFolder({ purpose: 'fuzz-kernels' });
const progress = keepProgress(options.progress);
let worker = startWorker();
try {
  for (const kernel of kernels.filter(({ operator }) => operator.includes(options.only))) {
    if (!progress.isFinished(kernel.operator)) {
      await fuzz(kernel);
    }
  }
} finally {
  worker.kill();
  rmSync(folder, { recursive: true });
}
const totals = progress.totals();
console.log(JSON.stringify(totals));
process.exitCode = totals.found === 0 ? 0 : 1;

async function fuzz(kernel: KernelFuzz): Promise<void> {
  const random = startRandom(randomNumbers(Number(options.seed)));
  const tally = { answered: 0, refused: 0, unopened: 0 };
  const found = new Map<string, number>();
  let unopened: string | undefined;
  for (let index = 0; index < Number(options.cases); index++) {
    const opset = random.pick(kernel.opsets);
    const one = kernel.make(random, opset);
    const path = join(folder, 'model.onnx');
    const proto = modelOf(kernel, one, { opset, isPoisoned: true });
    const rewritten = options.raw
      ? { proto }
      : rewriteModel(decodeModel(Buffer.concat(encodeModel(proto)), path)).model;
    await writeModel(rewritten, path);
    const opened = await ask({ path });
    const inputs = one.operands.flatMap((operand, at) =>
      operand === undefined || operand.isConstant ? [] : [toTensor(`x${at}`, operand)],
    );
    const poison = {
      name: 'poison',
      type: 'float32' as const,
      dims: [2 ** 14],
      data: new Float32Array(2 ** 14),
    };
    const verdict = opened.kind === 'opened' ? await ask({ inputs: [...inputs, poison] }) : opened;
    const problem = problemOf(verdict, kernel, one);
    if (opened.kind === 'refused') {
      unopened ??= opened.message?.slice(-160);
    }
    if (problem === undefined) {
      tally[opened.kind !== 'opened' ? 'unopened' : verdict.kind === 'answered' ? 'answered' : 'refused']++;
      continue;
    }
    if (!found.has(problem)) {
      const shown = one.operands.map(
        operand =>
          operand &&
          `${operand.isConstant ? 'constant ' : ''}${operand.type}[${operand.dims}] ${operand.data.slice(0, 12)}`,
      );
      console.log(
        `${kernel.operator} of opset ${opset}, case ${index}: ${problem}; ${JSON.stringify(one.attributes, (_, item) => (typeof item === 'bigint' ? Number(item) : item))} ${JSON.stringify(shown)}`,
      );
    }
    found.set(problem, (found.get(problem) ?? 0) + 1);
  }
  progress.finish(kernel.operator, { ...tally, found: found.size });
  const summary = [...Object.entries(tally), ...found].map(([what, times]) => `${what} ${times}`);
  console.log(
    `${kernel.operator}: ${summary.join(', ')}${unopened === undefined ? '' : `; first not opened: ${unopened}`}`,
  );
}

function problemOf(verdict: Verdict, { copies }: KernelFuzz, { operands }: Case): string | undefined {
  if (verdict.kind === 'violated') {
    return verdict.message;
  }
  if (verdict.kind !== 'answered' || copies !== true) {
    return undefined;
  }
  const known = new Set([0, ...(operands[0]?.data ?? [])]);
  const foreign = Array.from(verdict.data as Float32Array, Number).find(item => !known.has(item));
  return foreign === undefined ? undefined : 'an element is none of the input';
}

function startWorker() {
  return fork(new URL('./fuzz-kernels/worker.ts', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

async function ask(job: Job): Promise<Verdict> {
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const started = worker;
  const onExit = (code: number | null, signal: string | null) => {
    worker = startWorker();
    resolve({ kind: 'violated', message: `the process ended: ${signal ?? code}` });
  };
  const timer = setTimeout(() => started.kill('SIGKILL'), hangMs);
  started.once('message', resolve);
  started.once('exit', onExit);
  started.send(job);
  const verdict = await promise;
  clearTimeout(timer);
  started.off('message', resolve);
  started.off('exit', onExit);
  return verdict;
}
