/**
 * Mutated models through everything of lib/model that reads a model, in this process:
 *   node bench/fuzz-reader.ts [--cases 100000] [--seed 1] [--corpus DIR]
 * Exits with 1 when anything but a ColdpressError was thrown, or a case took over 50 ms four times.
 */

import { randomInt } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { ColdpressError } from '../lib/errors.ts';
import { describeModel } from '../lib/model/inspect.ts';
import { readOrtOutline } from '../lib/model/ort-format.ts';
import { rewriteModel } from '../lib/model/passes/index.ts';
import { decodeModel } from '../lib/model/read.ts';
import { recogniseBytes } from '../lib/model/recognise.ts';
import { encodeModel } from '../lib/model/write.ts';
import { branching, classifier, dense } from '../test/model/specimens.ts';
import { randomNumbers } from './models/random.ts';

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

const uniform = randomNumbers(seed);
/** A whole number below `bound`. */
const random = (bound: number) => Math.floor(uniform() * bound);
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

function corpusModels(folder: string): Uint8Array[] {
  const paths = globSync(join(folder, '*/*/model.{onnx,ort}')).sort();
  return paths
    .filter(path => existsSync(path) && statSync(path).isFile() && statSync(path).size < 40_000)
    .map(path => readFileSync(path));
}

/** One to four changes: of bytes, or of fields, with the lengths around them kept right so that deeper code is reached. */
function mutate(model: Uint8Array): Uint8Array {
  let bytes = model;
  for (let changes = 1 + random(4); changes > 0; changes--) {
    bytes = random(3) === 0 ? mutateBytes(bytes) : mutateFields(bytes, 0);
  }
  return bytes;
}

function mutateBytes(bytes: Uint8Array): Uint8Array {
  const at = random(bytes.length + 1);
  const kind = random(4);
  if (kind === 0) {
    return bytes.slice(0, at);
  }
  if (kind === 1) {
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at)]);
  }
  const copy = Uint8Array.from(bytes);
  if (at < copy.length) {
    copy[at] = kind === 2 ? random(256) : copy[at]! ^ (1 << random(8));
  }
  return copy;
}

interface Field {
  number: number;
  wire: WireType;
  /** Without the length before it. */
  content: Uint8Array;
}

function mutateFields(bytes: Uint8Array, depth: number): Uint8Array {
  const fields = parseFields(bytes);
  if (fields === undefined || fields.length === 0) {
    return mutateBytes(bytes);
  }
  const index = random(fields.length);
  const field = fields[index]!;
  const kind = random(12);
  if (kind === 0) {
    fields.splice(index, 1);
  } else if (kind === 1) {
    fields.splice(index, 0, field);
  } else if (kind === 2) {
    fields.push(pick(fields));
  } else if (kind === 3) {
    field.number = 1 + random(26);
  } else if (kind === 4) {
    field.content = Buffer.alloc(random(20), random(256));
  } else if (kind === 5) {
    field.content = pick(fields).content;
  } else if (field.wire === WireType.LengthDelimited && depth < 200) {
    field.content = mutateFields(field.content, depth + 1);
  } else {
    field.content = mutateBytes(field.content);
  }
  return Buffer.concat(fields.map(encodeField));
}

function parseFields(bytes: Uint8Array): Field[] | undefined {
  const reader = new BinaryReader(bytes);
  const fields: Field[] = [];
  try {
    while (reader.pos < reader.len) {
      const [number, wire] = reader.tag();
      const content = wire === WireType.LengthDelimited ? reader.bytes() : reader.skip(wire, number);
      fields.push({ number, wire, content });
    }
    return fields;
  } catch {
    return undefined;
  }
}

function encodeField({ number, wire, content }: Field): Uint8Array {
  const writer = new BinaryWriter().tag(number, wire);
  return (wire === WireType.LengthDelimited ? writer.bytes(content) : writer.raw(content)).finish();
}

function pick<T>(items: T[]): T {
  return items[random(items.length)]!;
}
