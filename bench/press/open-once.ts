/**
 * Opens one model in this process, sends it the same request a few times, and prints the times as one line of JSON:
 * `open-once default MODEL REQUEST` with onnxruntime-node and its defaults, or `open-once pressed DIR REQUEST` with
 * coldpress's runtime. REQUEST is the JSON of an Open Inference Protocol request.
 */
import { readFileSync } from 'node:fs';
import type { InferRequest } from '../../lib/runtime/index.ts';

export interface Opening {
  /** From before ONNX Runtime's library is loaded until the model is open. */
  openMs: number;
  firstMs: number;
  warmMs: number[];
  peakMemoryMb: number;
}

const warmRuns = 15;
const [how = '', path = '', requestPath = ''] = process.argv.slice(2);
const openers: Record<string, (request: InferRequest) => Promise<() => Promise<unknown>>> = {
  default: openByDefault,
  pressed: openPressed,
};

const request: InferRequest = JSON.parse(readFileSync(requestPath, 'utf8'));
const open = openers[how]!;
const begun = performance.now();
const run = await open(request);
const opened = performance.now();
await run();
const opening: Opening = {
  openMs: opened - begun,
  firstMs: performance.now() - opened,
  warmMs: [],
  peakMemoryMb: 0,
};
for (let round = 0; round < warmRuns; round++) {
  const start = performance.now();
  await run();
  opening.warmMs.push(performance.now() - start);
}
opening.peakMemoryMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify(opening));
process.exit();

async function openByDefault({ inputs }: InferRequest) {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(path);
  const feeds = Object.fromEntries(
    inputs.map(({ name, datatype, shape, data }) => [
      name,
      datatype === 'INT64'
        ? new Tensor('int64', BigInt64Array.from(data as number[], BigInt), shape as number[])
        : new Tensor('float32', Float32Array.from(data as number[]), shape as number[]),
    ]),
  );
  return () => session.run(feeds);
}

async function openPressed({ inputs }: InferRequest) {
  const { openModel } = await import('../../lib/runtime/open-model.ts');
  const model = openModel(path);
  const typed = inputs.map(input => ({
    ...input,
    data:
      input.datatype === 'INT64'
        ? BigInt64Array.from(input.data as number[], BigInt)
        : Float32Array.from(input.data as number[]),
  }));
  return async () => model.infer({ inputs: typed });
}
