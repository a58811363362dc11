import { ColdpressError } from '../errors.ts';

/** What coldpress uses of a long-running operation of Google's clients. */
interface Operation<Result> {
  name?: string | undefined;
  /** As it began. */
  metadata?: unknown;
  on(event: 'complete', listener: (result: Result) => void): unknown;
  on(event: 'progress', listener: (metadata: unknown) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeAllListeners(): unknown;
}

export interface FollowOptions {
  /** Told of each stage as it changes. */
  onProgress: (step: string) => void;
  /** How long to wait. The operation goes on without. */
  timeoutMs: number;
}

/**
 * Waits for an operation, which its client asks about with growing pauses.
 * @throws ColdpressError OPERATION_TIMEOUT; the operation's own error
 */
export function follow<Result>(
  operation: unknown,
  { onProgress, timeoutMs }: FollowOptions,
): Promise<Result> {
  const followed = operation as Operation<Result>;
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      followed.removeAllListeners();
      settle();
    };
    const timer = setTimeout(() => {
      const message = `${followed.name} is not done after ${timeoutMs / 1000} seconds`;
      const hint = 'the operation continues at Google; run the command again to see its result';
      end(() => reject(new ColdpressError('OPERATION_TIMEOUT', message, { hint })));
    }, timeoutMs);
    followed.on('complete', result => end(() => resolve(result)));
    followed.on('error', error => end(() => reject(error)));
    const tell = (metadata: unknown) => {
      const stage = stageOf(metadata);
      if (stage !== undefined) {
        onProgress(stage);
      }
    };
    // Of what it began with, no event tells.
    tell(followed.metadata);
    followed.on('progress', tell);
  });
}

/** google.cloud.functions.v2.OperationMetadata; of the enum, its names or its numbers. */
function stageOf(metadata: unknown): string | undefined {
  const { stages = [] } = (metadata ?? {}) as {
    stages?: { name?: string | number; state?: string | number; message?: string }[];
  };
  const current = stages.find(({ state }) => state === 'IN_PROGRESS' || state === 2);
  return current === undefined ? undefined : (current.message ?? String(current.name));
}
