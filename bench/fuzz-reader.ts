/**
 * Runs mutated models through all code of lib/model that reads models, in this process:
 *   node bench/fuzz-reader.ts [--cases 100000] [--seed 1] [--corpus DIR]
 * Exits with 1 if anything but a ColdpressError was thrown, or a case took over 50 ms four times.
 */

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ColdpressError } from '../lib/errors.ts';
import { describeModel } from '../lib/model/inspect.ts';
import { readOrtOutline } from '../lib/model/ort-format.ts';
import { rewriteModel } from '../lib/model/passes/index.ts';
import { decodeModel } from '../lib/model/read.ts';
import { recogniseBytes } from '../lib/model/recognise.ts';
import { encodeModel } from '../lib/model/write.ts';
import { branching, classifier, dense } from '../test/model/specimens.ts';
import { corpusModels, startMutating } from './mutate-model.ts';

const SLOW_MS = 50;

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string' },
    corpus: { type: 'string' },
  },
});
const cases = Number(options.cases);
const seed = Number(options.seed ?? randomInt(2 ** 31));

const { pick, mutate } = startMutating(seed);
const seeds = [
  ...[classifier(), branching(), dense()].map(proto => Buffer.concat(encodeModel(proto))),
  ...(options.corpus === undefined ? [] : corpusModels(options.corpus)),
];
console.log(`${cases} cases of ${seeds.length} models, seed ${seed}`);

const outcomes = new Map<string, number>();
let failures = 0;
let slowestMs = 0;
for (let index = 0; index < cases; index++) {
  const bytes = mutate(pick(seeds));
  let ms = timeCase(bytes, index);
  for (let again = 0; ms > SLOW_MS && again < 3; again++) {
    ms = Math.min(ms, timeCase(bytes, index));
  }
  slowestMs = Math.max(slowestMs, ms);
  if (ms > SLOW_MS) {
    failures++;
    console.log(`case ${index}: ${ms.toFixed(0)} ms at its fastest`);
  }
}
for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1])) {
  console.log(`${String(count).padStart(8)}  ${outcome}`);
}
console.log(`slowest case ${slowestMs.toFixed(1)} ms, failures ${failures}`);
process.exitCode = failures === 0 ? 0 : 1;

function timeCase(bytes: Uint8Array, index: number): number {
  const start = performance.now();
  let outcome = 'read, nothing in the way';
  try {
    outcome = readAll(bytes);
  } catch (error) {
    if (error instanceof ColdpressError) {
      outcome = error.code;
    } else {
      failures++;
      outcome = 'THROWN';
      console.log(`case ${index}:`, error);
    }
  }
  const ms = performance.now() - start;
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  return ms;
}

function readAll(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const evidence = { head: buffer.subarray(0, 4096), tail: buffer.subarray(-4096), name: 'model.onnx' };
  const format = recogniseBytes(evidence, 'model.onnx');
  if (format === 'ort') {
    readOrtOutline(bytes, 'model.ort');
    return 'read, ORT format';
  }
  const decoded = decodeModel(bytes, 'model.onnx');
  encodeModel(rewriteModel(decoded).model.proto);
  const report = describeModel(decoded, { files: [], problems: [] });
  JSON.stringify(report);
  return report.obstacles.length === 0 ? 'read, nothing in the way' : `read, ${report.obstacles[0]!.code}`;
}
