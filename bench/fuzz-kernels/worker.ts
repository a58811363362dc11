/** The engine process of fuzz-kernels.ts: runs each request surrounded by two kinds of canaries. */
import { arrayTypes } from '../../lib/contract/arrays.ts';
import { findEngine } from '../../lib/runtime/engine/onnxruntime/find.ts';
import { loadEngine, openSession } from '../../lib/runtime/engine/onnxruntime/session.ts';
import { EngineTensor } from '../../lib/runtime/engine/tensor.ts';
import type { ProbeTensor } from '../../lib/runtime/probe/types.ts';

export type Job = { path: string } | { inputs: ProbeTensor[] };
export type Verdict =
  | { kind: 'opened' | 'refused'; message?: string }
  | { kind: 'answered'; type: string; dims: readonly number[]; data: unknown }
  | { kind: 'violated'; message: string };

const margin = 4096;
const canaries = [0x5a, 0xc3];
const engine = loadEngine(findEngine('', { name: 'onnxruntime', native: 'host', path: '' }));
let session: ReturnType<typeof openSession> | undefined;

process.on('message', (job: Job) => {
  process.send!(judge(job));
});
process.on('disconnect', () => process.exit());

function judge(job: Job): Verdict {
  try {
    if ('path' in job) {
      session?.close();
      session = undefined;
      session = openSession(engine, job.path, { intraOpNumThreads: 2 });
      return { kind: 'opened' };
    }
    return run(job.inputs);
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}

function run(inputs: ProbeTensor[]): Verdict {
  const answers = canaries.map(canary => {
    const guarded = inputs.map(input => guard(input, canary));
    // An earlier run also left this canary in the arena.
    const feeds = new Map(guarded.map(({ name, tensor }) => [name, tensor]));
    const [, y] = session!.run(feeds, ['poisoned', 'y']);
    const [, again] = session!.run(feeds, ['poisoned', 'y']);
    return { y: y!, again: again!, spoiled: guarded.find(({ isWhole }) => !isWhole()) };
  });
  const spoiled = answers.find(answer => answer.spoiled !== undefined)?.spoiled;
  if (spoiled !== undefined) {
    return { kind: 'violated', message: `memory around the input ${spoiled.name} was written` };
  }
  const [first, ...others] = answers.flatMap(({ y, again }) => [y, again]).map(show);
  const { type, dims, data } = answers[0]!.y;
  return others.every(other => other === first)
    ? { kind: 'answered', type, dims, data }
    : { kind: 'violated', message: 'the answer depends on the memory around the inputs' };
}

function show({ dims, data }: EngineTensor): string {
  return Array.isArray(data)
    ? JSON.stringify([dims, data])
    : `${dims} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`;
}

function guard({ name, type, dims, data }: ProbeTensor, canary: number) {
  if (name === 'poison') {
    const poison = new Float32Array(data.length).fill(canary * 1e30);
    return { name, tensor: new EngineTensor(type, poison, dims), isWhole: () => true };
  }
  if (type === 'string') {
    return { name, tensor: new EngineTensor(type, data, dims), isWhole: () => true };
  }
  const source = data as Uint8Array;
  const memory = new Uint8Array(2 * margin + Math.ceil(source.byteLength / 8) * 8).fill(canary);
  memory.set(new Uint8Array(source.buffer, source.byteOffset, source.byteLength), margin);
  const view = new arrayTypes[type](memory.buffer, margin, source.length);
  const isWhole = () =>
    memory.every((byte, at) => (at >= margin && at < margin + source.byteLength) || byte === canary);
  return { name, tensor: new EngineTensor(type, view, dims), isWhole };
}
