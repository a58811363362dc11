import { ColdpressError } from '../errors.ts';

/** A signal that Ctrl-C or a SIGTERM aborts; a second one ends the process at once. */
export function interruptSignal(message = 'interrupted; nothing was left behind'): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new ColdpressError('INTERRUPTED', message)));
  }
  return controller.signal;
}
