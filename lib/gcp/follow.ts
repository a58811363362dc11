import { ColdpressError } from '../errors.ts';

/** The part of a long-running operation of Google's clients that coldpress uses. */
interface Operation<Result> {
  name?: string | undefined;
  /** The initial metadata. */
  metadata?: unknown;
  on(event: 'complete', listener: (result: Result) => void): unknown;
  on(event: 'progress', listener: (metadata: unknown) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeAllListeners(): unknown;
}

export interface FollowOptions {
  /** Called when the stage changes. */
  onProgress: (step: string) => void;
  /** How long to wait. The operation continues afterwards. */
  timeoutMs: number;
}

/**
 * Waits for an operation, which its client polls with increasing pauses.
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
    const report = (metadata: unknown) => {
      const stage = stageOf(metadata);
      if (stage !== undefined) {
        onProgress(stage);
      }
    };
    // No event reports the initial metadata.
    report(followed.metadata);
    followed.on('progress', report);
  });
}

/** google.cloud.functions.v2.OperationMetadata; its enums have names or numbers. */
function stageOf(metadata: unknown): string | undefined {
  const { stages = [] } = (metadata ?? {}) as {
    stages?: { name?: string | number; state?: string | number; message?: string }[];
  };
  const current = stages.find(({ state }) => state === 'IN_PROGRESS' || state === 2);
  return current === undefined ? undefined : (current.message ?? String(current.name));
}
