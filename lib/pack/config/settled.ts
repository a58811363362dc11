/**
 * The result of code that must neither end the process nor wait for what never happens. Node ends a process that waits
 * for nothing without an error. What the code prints goes to stderr: stdout is the command's own. Signals end the process
 * at once meanwhile: code that never returns would keep their listeners from being called.
 */
export async function settled<Result>(load: () => Promise<Result>): Promise<Result> {
  const { exit } = process;
  const { write } = process.stdout;
  const toStderr = process.stderr.write.bind(process.stderr);
  const abandoned = Promise.withResolvers<never>();
  const abandon = () =>
    setImmediate(abandoned.reject, new Error('it waits for a promise that never settles'));
  process.once('beforeExit', abandon);
  let isOver = false;
  const refuse = (...code: Parameters<typeof exit>): never => {
    if (isOver) {
      return exit(...code);
    }
    const error = new Error(`it calls process.exit(${code[0] ?? ''})`);
    abandoned.reject(error);
    throw error;
  };
  const restoreSignals = takeListeners();
  process.exit = refuse;
  process.stdout.write = toStderr;
  try {
    return await Promise.race([load(), abandoned.promise]);
  } finally {
    isOver = true;
    restoreSignals();
    // Another load that began meanwhile restores this one, which then does nothing.
    if (process.exit === refuse) {
      process.exit = exit;
    }
    if (process.stdout.write === toStderr) {
      process.stdout.write = write;
    }
    process.off('beforeExit', abandon);
  }
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Removes the listeners of signals. @returns what adds them again */
function takeListeners(): () => void {
  const taken = signals.map(name => ({ name, listeners: process.rawListeners(name) }));
  for (const { name } of taken) {
    process.removeAllListeners(name);
  }
  return () => {
    for (const { name, listeners } of taken) {
      for (const listener of listeners) {
        process.on(name, listener as () => void);
      }
    }
  };
}
