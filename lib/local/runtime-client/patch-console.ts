import { format } from 'node:util';

const levels = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/** Adds the prefix of Lambda's text logs to every line of `console`. */
export function patchConsole(invocation: { readonly requestId: string }): void {
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...values: unknown[]) => {
      const line = format(...values).replaceAll('\n', '\r');
      process.stdout.write(`${new Date().toISOString()}\t${invocation.requestId}\t${level}\t${line}\n`);
    };
  }
}
