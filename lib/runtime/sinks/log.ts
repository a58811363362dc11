import { writeLine } from '../telemetry/write-line.ts';
import type { Sink, SinkScope } from './sink.ts';

/** Writes a line of JSON to the function's own log for each entry. */
export function logSink({ purpose }: SinkScope): Sink {
  return {
    async send(entries) {
      for (const { body } of entries) {
        writeLine(
          `${JSON.stringify({ coldpress: purpose === 'results' ? 'result' : 'failure', ...body })}\n`,
        );
      }
      return entries.map(() => undefined);
    },
  };
}
