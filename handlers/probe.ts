/**
 * Runs the engine in a separate process, for coldpress itself: models are opened and run here first, because a bad one
 * can hang, exhaust the memory or crash the process. It talks over the IPC channel; see
 * `lib/model/press/engine-process.ts`.
 */
import { flushCompileCache } from 'node:module';
import { fromFloat16Bits, toFloat16Bits } from '../lib/contract/float16.ts';
import type { TensorData } from '../lib/contract/tensor-data.ts';
import { openProgramFile } from '../lib/runtime/engine/compiled/open.ts';
import { findEngine } from '../lib/runtime/engine/onnxruntime/find.ts';
import { loadEngine, openSession } from '../lib/runtime/engine/onnxruntime/session.ts';
import type { Session } from '../lib/runtime/engine/session.ts';
import { EngineTensor } from '../lib/runtime/engine/tensor.ts';
import { countWork } from '../lib/runtime/probe/count-work.ts';
import type { OutputMetadata, ProbeAnswer, ProbeRequest, ProbeTensor } from '../lib/runtime/probe/types.ts';

const host = { name: 'onnxruntime', native: 'host', path: '' } as const;

let session: Session | undefined;

function answer(request: ProbeRequest): ProbeAnswer {
  const start = performance.now();
  if (request.op === 'open') {
    const outputs = open(request);
    return { ok: true, ms: performance.now() - start, tensors: [], outputs };
  }
  if (request.op === 'count') {
    const work = countWork(request.path, toFeeds(request.inputs));
    return { ok: true, ms: performance.now() - start, tensors: [], outputs: [], work };
  }
  if (request.op === 'close') {
    session?.close();
    session = undefined;
    return { ok: true, ms: performance.now() - start, tensors: [], outputs: [] };
  }
  const tensors = run(request);
  return { ok: true, ms: performance.now() - start, tensors, outputs: [] };
}

function open(request: ProbeRequest & { op: 'open' }): OutputMetadata[] {
  session?.close();
  session = undefined;
  if (request.engine === 'compiled') {
    session = openProgramFile(request.path);
    return [];
  }
  const opened = openSession(loadEngine(findEngine('', host)), request.path, request.options);
  session = opened;
  return opened.describeOutputs();
}

function run({ inputs, outputs }: ProbeRequest & { op: 'run' }): ProbeTensor[] {
  if (session === undefined) {
    throw new Error('no model is open');
  }
  const results = session.run(toFeeds(inputs), outputs);
  return results.map((tensor, index) => fromEngine(outputs[index]!, tensor));
}

function toFeeds(inputs: ProbeTensor[]): Map<string, EngineTensor> {
  return new Map(inputs.map(tensor => [tensor.name, toEngine(tensor)]));
}

function toEngine({ type, data, dims }: ProbeTensor): EngineTensor {
  const bits = type === 'float16' ? Uint16Array.from(data as Float32Array, toFloat16Bits) : data;
  return new EngineTensor(type, bits.length === 0 ? emptied(bits) : bits, dims);
}

/**
 * An empty array received by IPC is a view of the message, whose memory a kernel can read without harm. An empty array
 * that a function creates from a request has no memory, and a kernel that still reads it crashes the process.
 */
function emptied(data: TensorData): TensorData {
  return Array.isArray(data) ? [] : new (data.constructor as Float32ArrayConstructor)(0);
}

function fromEngine(name: string, { type, data, dims }: EngineTensor): ProbeTensor {
  const numbers = type === 'float16' ? Float32Array.from(data as Uint16Array, fromFloat16Bits) : data;
  return { name, type, data: numbers, dims: [...dims] };
}

// Flushed now because this process ends by being killed; otherwise the next engine would compile everything again.
flushCompileCache();

process.on('message', (request: ProbeRequest) => {
  try {
    process.send!(answer(request));
  } catch (error) {
    process.send!({
      ok: false,
      message: error instanceof Error ? error.message : String(error),
    } satisfies ProbeAnswer);
  }
});
// The parent process is gone, so nothing can use the answer.
process.on('disconnect', () => process.exit());
