/** Runs one case of the corpus in its own process: press, open, infer, compare. Prints one line of JSON. */
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ColdpressError, pressModel } from '../../lib/index.ts';
import {
  type Datatype,
  type InferInput,
  type InferOutput,
  openModel,
  type TensorSpec,
} from '../../lib/runtime/index.ts';
import { makeTemporaryFolder } from '../../lib/temporary-folder.ts';
import { type IoValue, readElements, type Scalar } from './values.ts';

interface Io {
  inputs: { name: string; value: IoValue | null }[];
  outputs?: { name: string; value: IoValue | null }[];
}

export type CaseResult =
  | { kind: 'matched' | 'answered' }
  | { kind: 'differs'; reason: string }
  | { kind: 'refused'; code: string; message: string };

const [folder = ''] = process.argv.slice(2);
const outDir = await makeTemporaryFolder({ purpose: 'corpus' });
try {
  console.log(JSON.stringify(await run()));
} finally {
  await rm(outDir, { recursive: true, force: true });
}

async function run(): Promise<CaseResult> {
  try {
    const file = ['model.onnx', 'model.ort'].find(name => existsSync(join(folder, name))) ?? 'model.onnx';
    await pressModel(join(folder, file), { outDir, arch: 'x64' });
    return answer();
  } catch (error) {
    const { name, message, code } = error as ColdpressError;
    return name === 'ColdpressError' || name === 'RequestError'
      ? { kind: 'refused', code, message }
      : { kind: 'differs', reason: String((error as Error).stack) };
  }
}

function answer(): CaseResult {
  const model = openModel(outDir);
  const io = readIo();
  if (io === undefined) {
    return { kind: 'answered' };
  }
  const inputs = io.inputs.flatMap(({ name, value }) => {
    const spec = model.signature.inputs.find(candidate => candidate.name === name);
    return value === null ? [] : [toInput(name, spec, value)];
  });
  const { outputs } = model.infer({ inputs });
  for (const { name, value } of io.outputs ?? []) {
    const reason =
      value === null
        ? undefined
        : compare(
            value,
            outputs.find(output => output.name === name),
          );
    if (reason !== undefined) {
      return { kind: 'differs', reason: `${name}: ${reason}` };
    }
  }
  return { kind: io.outputs === undefined ? 'answered' : 'matched' };
}

function readIo(): Io | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'io.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function toInput(name: string, spec: TensorSpec | undefined, value: IoValue): InferInput {
  if (value.kind === 'optional' && value.value !== null) {
    return toInput(name, spec, value.value);
  }
  if (value.kind !== 'tensor') {
    throw new Error(`input ${name} is a ${value.kind}`);
  }
  const datatype = spec?.datatype ?? 'FP32';
  return { name, datatype, shape: value.dims, data: readElements(value).map(v => toJson(v, datatype)) };
}

function toJson(value: Scalar, datatype: Datatype): unknown {
  if (datatype === 'BOOL') {
    return value !== 0;
  }
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** Compares within 1e-3 relative and 1e-5 absolute, as the corpus requires; `undefined` if the values match. */
function compare(expected: IoValue, actual: InferOutput | undefined): string | undefined {
  if (actual === undefined) {
    return 'is missing';
  }
  const want = flatten(expected, actual);
  const got = toNumbers(actual);
  if (want.length !== got.length) {
    return `has ${got.length} elements, not ${want.length}`;
  }
  const index = want.findIndex((value, i) => !isClose(value, got[i]!));
  return index === -1 ? undefined : `element ${index} is ${got[index]}, not ${want[index]}`;
}

function flatten(value: IoValue, { labels }: InferOutput): Scalar[] {
  switch (value.kind) {
    case 'tensor':
      return readElements(value);
    case 'sequence':
      return value.elems.flatMap(element => flatten(element, { labels } as InferOutput));
    case 'map':
      return (labels ?? []).map(
        label => value.entries.find(([key]) => String(key) === String(label))?.[1] ?? 'no such label',
      );
    case 'optional':
      return value.value === null ? [] : flatten(value.value, { labels } as InferOutput);
  }
}

function toNumbers({ datatype, data }: InferOutput): Scalar[] {
  if (datatype === 'FP16') {
    const bits = data as Uint16Array;
    const view = new DataView(bits.buffer, bits.byteOffset, bits.byteLength);
    return Array.from(bits, (_, i) => view.getFloat16(i * 2, true));
  }
  return Array.from<unknown, Scalar>(data, value => value as Scalar);
}

function isClose(expected: Scalar, actual: Scalar): boolean {
  if (typeof expected === 'string' || typeof actual === 'string') {
    return expected === actual;
  }
  const [want, got] = [Number(expected), Number(actual)];
  return Object.is(want, got) || want === got || Math.abs(got - want) <= 1e-5 + 1e-3 * Math.abs(want);
}
