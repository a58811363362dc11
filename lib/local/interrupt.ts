/**
 * A signal that aborts at the first Ctrl-C or request to end, so that processes and temporary files go too; a second
 * Ctrl-C ends coldpress as it would have.
 */
export function abortOnInterrupt(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}
