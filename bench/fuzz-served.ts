/**
 * Sends served models, in a child process, the requests that kernels expect least, and counts its deaths:
 *   node bench/fuzz-served.ts [--values 400] [--models 2] [--seed 1] [--only Pad] [--corpus FOLDER] [--progress FILE]
 * Each operator of bench/fuzz-kernels is packed as models of its own, with open dimensions. Each open dimension is
 * requested at 0, 1 and large, alone and together with those of the same name, and 400 requests contain values at the
 * limits of their types. `--corpus` does the same with the models of a folder, with their dimensions opened. A run with
 * `--progress` resumes where an earlier one with the same file was stopped. Exits with 1 if a process died, hung, or
 * failed in any way other than rejecting a request.
 */
import { fork } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Datatype, datatypes } from '../lib/contract/datatypes.ts';
import { GOLDEN_FILE } from '../lib/contract/files.ts';
import type { Golden } from '../lib/contract/golden.ts';
import type { Manifest } from '../lib/contract/manifest.ts';
import { isOpen } from '../lib/contract/signature.ts';
import { ColdpressError } from '../lib/errors.ts';
import type { ModelProto } from '../lib/model/onnx_pb.ts';
import { pressModel } from '../lib/model/press/press.ts';
import { readModel } from '../lib/model/read.ts';
import { encodeModel } from '../lib/model/write.ts';
import type { InferInput } from '../lib/runtime/index.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { kernels } from './fuzz-kernels/cases.ts';
import { type KernelFuzz, type Operand, startRandom } from './fuzz-kernels/kernel-fuzz.ts';
import { modelOf } from './fuzz-kernels/model-of.ts';
import { keepProgress } from './fuzz-kernels/progress.ts';
import { hostile, resize } from './fuzz-served/hostile.ts';
import { openDimensions } from './fuzz-served/open-dimensions.ts';
import type { Job, Verdict } from './fuzz-served/worker.ts';
import { randomNumbers } from './models/random.ts';

const { values: options } = parseArgs({
  options: {
    values: { type: 'string', default: '400' },
    models: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    corpus: { type: 'string' },
    progress: { type: 'string' },
  },
});
const hangMs = 20_000;
const largeSize = 300;
const mostElements = 2 ** 18;
/** Number of models drawn for one that is served: an operator also refuses what it was drawn with. */
const drawsOfModel = 10;
const folder = await makeTemporaryFolder({ purpose: 'fuzz-served' });
const progress = keepProgress(options.progress);
const noCounts = { models: 0, unpacked: 0, answered: 0, refused: 0, failed: 0, died: 0 };
let counts: typeof noCounts;
let random: () => number;
let worker = startWorker();
try {
  const groups = options.corpus === undefined ? kernelGroups() : corpusGroups(options.corpus);
  for (const { name, subjects } of groups.filter(group => !progress.isFinished(group.name))) {
    counts = { ...noCounts };
    random = randomNumbers(Number(options.seed));
    for await (const subject of subjects()) {
      await fuzz(subject);
    }
    progress.finish(name, counts);
  }
} finally {
  worker.kill();
  rmSync(folder, { recursive: true });
}
const totals = progress.totals();
console.log(JSON.stringify(totals));
process.exitCode = totals.died === 0 && totals.failed === 0 ? 0 : 1;

/** What a run finishes whole: the models of one operator, or one model of a folder. */
interface Group {
  name: string;
  subjects(): Iterable<Subject> | AsyncIterable<Subject>;
}

interface Subject {
  name: string;
  proto: ModelProto;
  /** Default: the golden vector. */
  base?: InferInput[];
}

function kernelGroups(): Group[] {
  return kernels
    .filter(({ operator }) => operator.includes(options.only))
    .map(kernel => ({ name: kernel.operator, subjects: () => kernelModels(kernel) }));
}

function* kernelModels(kernel: KernelFuzz): Generator<Subject> {
  const draws = startRandom(random);
  const most = Number(options.models);
  for (let index = 0; counts.models < most && index < drawsOfModel * most; index += 1) {
    const opset = draws.pick(kernel.opsets);
    const one = kernel.make(draws, opset);
    const base = one.operands.flatMap((operand, at) =>
      operand === undefined || operand.isConstant ? [] : [toInput(`x${at}`, operand)],
    );
    yield {
      name: `${kernel.operator} ${index}`,
      proto: modelOf(kernel, one, { opset, isPoisoned: false }),
      base,
    };
  }
}

function corpusGroups(corpus: string): Group[] {
  const paths = globSync('**/model.onnx', { cwd: corpus }).filter(path => path.includes(options.only));
  return paths.sort().map(path => ({ name: path, subjects: () => corpusModel(corpus, path) }));
}

async function* corpusModel(corpus: string, path: string): AsyncGenerator<Subject> {
  try {
    const found = await readModel(join(corpus, path));
    if ('proto' in found) {
      yield { name: path, proto: openDimensions(found.proto) };
    }
  } catch (error) {
    if (!(error instanceof ColdpressError)) {
      throw error;
    }
  }
}

async function fuzz({ name, proto, base }: Subject): Promise<void> {
  const path = join(folder, 'model.onnx');
  const outDir = join(folder, 'pressed');
  rmSync(outDir, { recursive: true, force: true });
  writeFileSync(path, Buffer.concat(encodeModel(proto)));
  let manifest: Pick<Manifest, 'signature' | 'golden'>;
  try {
    ({ manifest } = await pressModel(path, { outDir, arch: 'x64', engine: 'onnxruntime' }));
  } catch (error) {
    if (error instanceof ColdpressError) {
      unpacked(name, error.code);
      return;
    }
    throw error;
  }
  const inputs = base ?? goldenInputs(outDir, manifest);
  if (inputs === undefined) {
    unpacked(name, 'no golden vector');
    return;
  }
  counts.models += 1;
  await ask({ dir: outDir });
  for (const [what, mutated] of requests(manifest.signature.inputs, inputs)) {
    const { kind, message } = await ask({ inputs: mutated });
    if (kind === 'died') {
      await ask({ dir: outDir });
    }
    counts[kind as 'died'] += 1;
    if (kind === 'died' || kind === 'failed') {
      console.log(`${name}, ${what}: ${kind}, ${message?.slice(0, 200)}; ${shown(mutated)}`);
    }
  }
}

function unpacked(name: string, why: string): void {
  counts.unpacked += 1;
  console.log(`${name} is not served: ${why}`);
}

function goldenInputs(dir: string, { golden }: Pick<Manifest, 'golden'>): InferInput[] | undefined {
  return golden.kept
    ? (JSON.parse(readFileSync(join(dir, GOLDEN_FILE), 'utf8')) as Golden).request.inputs
    : undefined;
}

function toInput(name: string, { type, dims, data }: Operand): InferInput {
  const [datatype] = Object.entries(datatypes).find(([, { engine }]) => engine === type)!;
  const read: (value: number) => unknown = type === 'bool' ? Boolean : type === 'int64' ? BigInt : Number;
  return { name, datatype: datatype as Datatype, shape: dims, data: data.map(read) };
}

function* requests(
  specs: Manifest['signature']['inputs'],
  base: InferInput[],
): Generator<[what: string, inputs: InferInput[]]> {
  const open = specs.flatMap(({ name, shape }, input) =>
    (shape ?? base[input]!.shape.map(() => -1)).flatMap((size, axis) =>
      isOpen(size) ? [{ name, size, input, axis }] : [],
    ),
  );
  const sizes = [0, 1, largeSize];
  for (const one of open) {
    const named = open.filter(({ size }) => size === one.size && typeof size === 'string');
    const same = open.filter(({ axis }) => axis === one.axis);
    for (const group of [[one], named, same].filter(({ length }) => length > 0)) {
      for (const size of sizes) {
        const inputs = [...base];
        for (const { input, axis } of group) {
          inputs[input] = resize(inputs[input]!, axis, size);
        }
        if (inputs.every(({ data }) => (data as unknown[]).length < mostElements)) {
          yield [`dimension ${one.axis} of ${one.name} is ${size}`, inputs];
        }
      }
    }
  }
  for (let index = 0; index < Number(options.values); index += 1) {
    const chosen = Math.floor(random() * (base.length + 1));
    yield [
      `hostile values ${index}`,
      base.map((input, at) => (at === chosen || chosen === base.length ? hostile(input, random) : input)),
    ];
  }
}

function shown(inputs: InferInput[]): string {
  const text = inputs.map(
    ({ datatype, shape, data }) => `${datatype}[${shape}] ${String(data).slice(0, 60)}`,
  );
  return text.join(' | ');
}

function startWorker() {
  return fork(new URL('./fuzz-served/worker.ts', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

async function ask(job: Job): Promise<Verdict | { kind: 'died'; message: string }> {
  const { promise, resolve } = Promise.withResolvers<Verdict | { kind: 'died'; message: string }>();
  const started = worker;
  const onExit = (code: number | null, signal: string | null) => {
    worker = startWorker();
    resolve({ kind: 'died', message: String(signal ?? code) });
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
