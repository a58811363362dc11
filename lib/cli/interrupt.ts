import { ColdpressError } from '../errors.ts';
import { watchLauncher } from './launcher.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** A signal that Ctrl-C or SIGTERM aborts; a second one ends the process immediately. */
export function interruptSignal(message = 'interrupted; nothing was left behind'): AbortSignal {
  const controller = new AbortController();
  for (const name of signals) {
    process.once(name, () => controller.abort(new ColdpressError('INTERRUPTED', message)));
  }
  return controller.signal;
}

/** Runs work that Ctrl-C or SIGTERM interrupts; afterwards, they end the process again. */
export async function interruptible<Result>(
  message: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new ColdpressError('INTERRUPTED', message));
  for (const name of signals) {
    process.once(name, interrupt);
  }
  try {
    return await work(controller.signal);
  } finally {
    for (const name of signals) {
      process.off(name, interrupt);
    }
  }
}

/** Like `interruptSignal`, for commands that run until stopped: they also stop when the npx that started them ends. */
export function servingSignal(): AbortSignal {
  const signal = interruptSignal();
  watchLauncher(() => process.kill(process.pid, 'SIGTERM'), process);
  return signal;
}
