import { ColdpressError } from '../errors.ts';
import { watchLauncher } from './launcher.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** A signal that Ctrl-C or a SIGTERM aborts; a second one ends the process at once. */
export function interruptSignal(message = 'interrupted; nothing was left behind'): AbortSignal {
  const controller = new AbortController();
  for (const name of signals) {
    process.once(name, () => controller.abort(new ColdpressError('INTERRUPTED', message)));
  }
  return controller.signal;
}

/** Work that Ctrl-C or a SIGTERM interrupts; after it they end the process as before. */
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

/** As `interruptSignal`, of a command that runs until it is stopped: the end of the npx that started it stops it, too. */
export function servingSignal(): AbortSignal {
  const signal = interruptSignal();
  watchLauncher(() => process.kill(process.pid, 'SIGTERM'), process);
  return signal;
}
