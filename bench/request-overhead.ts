/**
 * The cost of a warm request on top of the engine's own run, in this process:
 *   node bench/request-overhead.ts [--rounds 5] [--samples 200]
 * Requests, bare runs and plain JSON.parse take turns; a round is one line of medians. Exits with 1 if the median round
 * exceeds a limit.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { pressModel } from '../lib/model/press/press.ts';
import { encodeModel } from '../lib/model/write.ts';
import { findEngine } from '../lib/runtime/engine/onnxruntime/find.ts';
import { loadEngine, openSession } from '../lib/runtime/engine/onnxruntime/session.ts';
import { EngineTensor } from '../lib/runtime/engine/tensor.ts';
import type { HttpRequest } from '../lib/runtime/http/types.ts';
import type { Score } from '../lib/runtime/score/define.ts';
import { graph, model, node, tensorType, value } from '../test/model/build-model.ts';
import { example, makeScratch, openWith, post, pressExample } from '../test/runtime/http/models.ts';
import { randomNumbers } from './models/random.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, samples: { type: 'string', default: '200' } },
});

interface Case {
  name: string;
  /** Folder of a pressed model. */
  dir: string;
  score?: Score;
  request: HttpRequest;
  input: { name: string; data: Float32Array; shape: number[] };
  outputs: string[];
  /** Limit of the cost: milliseconds, or a multiple of the time of JSON.parse. */
  limit: { ms: number } | { timesParse: number };
}

/** An input image of ResNet: 602,112 bytes. */
const imageShape = [1, 3, 224, 224];

const scratch = makeScratch();
try {
  let missed = false;
  for (const item of await listCases()) {
    missed = !(await measure(item)) || missed;
  }
  process.exitCode = missed ? 1 : 0;
} finally {
  scratch.remove();
}

async function listCases(): Promise<Case[]> {
  const tabular = await pressExample(scratch.dir);
  const record = JSON.parse(readFileSync(join(example, 'record.json'), 'utf8'));
  const features = Float32Array.from(Object.values<number>(record));
  const input = { name: 'float_input', data: features, shape: [1, features.length] };
  const tabularCase = {
    dir: tabular,
    input,
    outputs: ['output_label', 'output_probability'],
    limit: { ms: 0.15 },
  };

  const image = await pressImage();
  const random = randomNumbers(1);
  // Four digits, like normalised pixels: 150,528 numbers are about a megabyte of JSON.
  const pixels = Float32Array.from(
    { length: 3 * 224 * 224 },
    () => Math.round((random() * 4 - 2) * 1000) / 1000,
  );
  const numbers = Array.from(pixels, pixel => Math.round(pixel * 1000) / 1000);
  const tensor = { name: 'image', datatype: 'FP32', shape: imageShape };
  const path = '/v2/models/image/infer';
  const imageCase = {
    dir: image,
    input: { name: 'image', data: pixels, shape: imageShape },
    outputs: ['mean'],
  };
  const nested = [0, 1, 2].map(c =>
    Array.from({ length: 224 }, (_, y) => numbers.slice((c * 224 + y) * 224, (c * 224 + y + 1) * 224)),
  );

  return [
    {
      name: '30 features, infer',
      ...tabularCase,
      request: post('/v2/models/model/infer', {
        inputs: [{ name: 'float_input', datatype: 'FP32', shape: [1, 30], data: [...features] }],
      }),
    },
    {
      name: '30 features, record, score with a schema',
      ...tabularCase,
      score: checkedScore(Object.keys(record)),
      request: post('/', record),
    },
    { name: '30 features, record, no score', ...tabularCase, request: post('/', [[...features]]) },
    { name: 'image, binary', ...imageCase, request: binaryRequest(path, tensor, pixels), limit: { ms: 1.5 } },
    {
      name: 'image, JSON text',
      ...imageCase,
      request: post(path, { inputs: [{ ...tensor, data: numbers }] }),
      limit: { timesParse: 1.3 },
    },
    {
      name: 'image, nested JSON text',
      ...imageCase,
      request: post(path, { inputs: [{ ...tensor, data: [nested] }] }),
      limit: { timesParse: 1.3 },
    },
    {
      name: 'image, JSON bytes',
      ...imageCase,
      request: asBytes(post(path, { inputs: [{ ...tensor, data: numbers }] })),
      limit: { timesParse: 1.3 },
    },
  ];
}

/** Does the same as the example's score. */
function checkedScore(names: string[]): Score {
  const record = v.object(v.entriesFromList(names, v.number()));
  const score: Score<Record<string, number>> = {
    record,
    encode: records => {
      const rows = records.flatMap(row => names.map(name => row[name]));
      return { float_input: { datatype: 'FP32', shape: [records.length, names.length], data: rows } };
    },
    decode: (outputs, records) => {
      const probabilities = outputs.output_probability!.data;
      return records.map((_, i) => ({ malignant: probabilities[2 * i], benign: probabilities[2 * i + 1] }));
    },
  };
  return score as Score;
}

async function pressImage(): Promise<string> {
  const source = join(scratch.dir, 'image.onnx');
  const proto = model(
    graph({
      node: [node('GlobalAveragePool', ['image'], ['mean'])],
      input: [value('image', tensorType('FLOAT', ['N', 3, 224, 224]))],
      output: [value('mean', tensorType('FLOAT', ['N', 3, 1, 1]))],
    }),
  );
  writeFileSync(source, Buffer.concat(encodeModel(proto)));
  await pressModel(source, { outDir: join(scratch.dir, 'image'), arch: 'x64' });
  return join(scratch.dir, 'image');
}

function binaryRequest(path: string, tensor: object, data: Float32Array): HttpRequest {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const head = Buffer.from(
    JSON.stringify({ inputs: [{ ...tensor, parameters: { binary_data_size: bytes.length } }] }),
  );
  return post(path, Buffer.concat([head, bytes]), { 'inference-header-content-length': String(head.length) });
}

function asBytes(request: HttpRequest): HttpRequest {
  return { ...request, body: Buffer.from(request.body as string) };
}

/** Prints the rounds of a case. @returns whether it is within its limit */
async function measure(item: Case): Promise<boolean> {
  const { request, limit } = item;
  const fn = openWith(item.dir, item.score === undefined ? {} : { score: item.score });
  const bare = openBare(item);
  const text = typeof request.body === 'string' ? request.body : undefined;
  const json = text ?? Buffer.from(request.body).toString();
  const isJson = !('inference-header-content-length' in request.headers);
  const rounds: { ms: number; parseMs: number }[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const times: { http: number[]; bare: number[]; parse: number[] } = { http: [], bare: [], parse: [] };
    for (let sample = 0; sample < Number(options.samples); sample++) {
      times.http.push(await clock(() => fn.http(request)));
      times.bare.push(await clock(bare));
      times.parse.push(isJson ? await clock(() => JSON.parse(json)) : 0);
    }
    rounds.push({ ms: median(times.http) - median(times.bare), parseMs: median(times.parse) });
    const { ms, parseMs } = rounds.at(-1)!;
    const ratio = isJson ? `, ${(ms / parseMs).toFixed(2)} times JSON.parse (${parseMs.toFixed(3)} ms)` : '';
    console.log(`${item.name}: ${ms.toFixed(3)} ms above ${median(times.bare).toFixed(3)} ms${ratio}`);
  }
  const score =
    'ms' in limit
      ? median(rounds.map(({ ms }) => ms))
      : median(rounds.map(({ ms, parseMs }) => ms / parseMs));
  const most = 'ms' in limit ? limit.ms : limit.timesParse;
  const status = (await fn.http(request)).status;
  const kept = score <= most && status === 200;
  console.log(`${item.name}: ${score.toFixed(3)} of ${most}, status ${status}: ${kept ? 'kept' : 'MISSED'}`);
  return kept;
}

function openBare({ dir, input, outputs }: Case): () => void {
  const engine = loadEngine(findEngine(dir, { name: 'onnxruntime', native: 'host', path: '' }));
  const { model: described } = JSON.parse(readFileSync(join(dir, 'coldpress.json'), 'utf8'));
  const session = openSession(engine, join(dir, described.path), {
    intraOpNumThreads: 1,
    ...described.session,
  });
  const inputs = new Map([[input.name, new EngineTensor('float32', input.data, input.shape)]]);
  return () => session.run(inputs, outputs);
}

async function clock(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
