import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ColdpressError } from '../../errors.ts';
import { reapProcess } from '../../reaper.ts';
import type { RangeAnswer, RangeRequest, RangeScores } from '../../runtime/files/types.ts';

/** Processes that run the function. */
export interface Scorers {
  count: number;
  /** @throws ColdpressError BATCH_INPUT, BATCH_FUNCTION, BATCH_DIED */
  score(request: Omit<RangeRequest, 'id'>): Promise<RangeScores>;
  close(): void;
}

interface Scorer {
  child: ChildProcess;
  /** Pending requests, by ID. */
  waiting: Map<number, { resolve(answer: RangeAnswer): void; reject(error: Error): void }>;
}

const entry = fileURLToPath(new URL(`../../../handlers/batch${extname(import.meta.url)}`, import.meta.url));
/** Size of V8's young generation. Rows are short-lived, so a larger one would only use more memory. */
const semiSpaceMb = 4;

/** @param options.env - the whole environment of the processes */
export function startScorers(count: number, { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): Scorers {
  const scorers = Array.from({ length: count }, () => startScorer(cwd, env));
  let lastId = 0;
  return {
    count,
    async score(request) {
      const id = ++lastId;
      const idlest = scorers.reduce((best, next) => (next.waiting.size < best.waiting.size ? next : best));
      const { promise, resolve, reject } = Promise.withResolvers<RangeAnswer>();
      idlest.waiting.set(id, { resolve, reject });
      idlest.child.send({ ...request, id });
      return readAnswer(await promise, request);
    },
    close() {
      for (const { child } of scorers) {
        child.kill('SIGKILL');
      }
    },
  };
}

function startScorer(cwd: string, env: NodeJS.ProcessEnv): Scorer {
  const child = fork(entry, {
    cwd,
    // Otherwise glibc keeps a memory pool for each thread: 10 MB per process without any benefit.
    env: { MALLOC_ARENA_MAX: '1', ...env },
    // The function's output for each batch is telemetry of an invocation, which does not exist here.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [`--max-semi-space-size=${semiSpaceMb}`, '--disable-warning=ExperimentalWarning'],
    // A process group of its own, so that Ctrl-C in a terminal reaches only coldpress.
    detached: process.platform !== 'win32',
  });
  reapProcess(child);
  const waiting: Scorer['waiting'] = new Map();
  child.on('message', (answer: RangeAnswer) => {
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  const fail = (how: string, cause?: Error) => {
    for (const { reject } of waiting.values()) {
      reject(
        new ColdpressError('BATCH_DIED', `a process of the function ended: ${how}`, {
          hint: 'see its log above',
          cause,
        }),
      );
    }
    waiting.clear();
  };
  child.once('exit', (code, signal) => fail(signal ?? `exit code ${code}`));
  // One that was not started has the error of that first, and then one for each message.
  let first: Error | undefined;
  child.on('error', error => {
    first ??= error;
    fail(first.message, first);
  });
  return { child, waiting };
}

function readAnswer(answer: RangeAnswer, { path, range }: Omit<RangeRequest, 'id'>): RangeScores {
  switch (answer.kind) {
    case 'scored':
      return answer.scores;
    case 'unreadable':
      throw new ColdpressError('BATCH_INPUT', `${path} is ${answer.message}`, {
        hint: 'fix the file, then run the command again',
      });
    case 'failed':
      throw new ColdpressError(
        'BATCH_FUNCTION',
        `the function failed at row ${range.row + 1} of ${path}: ${answer.message}`,
        { hint: 'run the same command again to resume' },
      );
  }
}
