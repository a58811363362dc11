import score from '#score';
import { openSharedHttp } from '../lib/runtime/batching/open-shared-http.ts';
import { openFunction } from '../lib/runtime/function.ts';
import { drainOnTerm } from '../lib/runtime/platform/gcf-drain.ts';
import { cloudLoggingLine } from '../lib/runtime/telemetry/cloud-logging.ts';
import { observer } from '../lib/runtime/telemetry/observe.ts';
import { writeLine } from '../lib/runtime/telemetry/write-line.ts';

// At the top level: the functions framework loads the module before it listens.
export const fn = openFunction(import.meta.dirname, score, { open: openSharedHttp });
export const drain = drainOnTerm(process);
export const observe = observer(fn.model, {
  format: cloudLoggingLine,
  watch: fn.watch,
  write: writeLine,
  env: process.env,
});
