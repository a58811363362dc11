import type { Instance } from './instance.ts';
import { type Failure, type Outcome, orTimeout } from './outcome.ts';
import type { InvocationRequest, RuntimeUptime } from './runtime-api.ts';

export type InitEnd = { initMs: number } & (
  | { kind: 'ready'; uptime?: RuntimeUptime }
  | { kind: 'failed'; failure: Failure }
);

/** Waits for the end of INIT: the runtime's first `/next`, an error, an exit, or the time limit. */
export async function awaitInit(instance: Instance, limitMs: number): Promise<InitEnd> {
  const exit = instance.exited.then(exit => ({ kind: 'exit' as const, exit }));
  const start = await orTimeout(Promise.race([instance.api.started, exit]), limitMs);
  if (start.kind === 'ready') {
    const { uptime } = start;
    return { kind: 'ready', initMs: start.atMs - instance.spawnedAt, ...(uptime && { uptime }) };
  }
  return { kind: 'failed', failure: start, initMs: performance.now() - instance.spawnedAt };
}

export interface InvocationEnd {
  outcome: Outcome;
  /** From sending the invocation to the end of its answer. */
  answerMs: number;
  /** Whether the process can run another invocation. */
  alive: boolean;
}

/** Sends one invocation to an initialised instance and waits until it requests the next, ends, or times out. */
export async function runInvocation(
  instance: Instance,
  request: InvocationRequest,
  limitMs: number,
): Promise<InvocationEnd> {
  const handedOverAt = performance.now();
  const { answered, idle } = instance.api.deliver(request);
  let answer: Awaited<typeof answered> | undefined;
  answered.then(value => {
    answer = value;
  });
  const done = idle.then(() => ({ kind: 'idle' as const }));
  const exit = instance.exited.then(exit => ({ kind: 'exit' as const, exit }));
  const end = await orTimeout(Promise.race([done, exit]), limitMs);
  await instance.logsSettled();
  // A process may end after its answer, which the caller receives anyway.
  const outcome = end.kind !== 'timeout' && answer !== undefined ? answer : (end as Failure);
  return {
    outcome,
    alive: end.kind === 'idle',
    answerMs: (answer?.atMs ?? performance.now()) - handedOverAt,
  };
}
