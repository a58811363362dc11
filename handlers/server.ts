import score from '#score';
import { jobArgument } from '../lib/contract/platforms.ts';
import { openSharedHttp } from '../lib/runtime/batching/open-shared-http.ts';
import { openFunction } from '../lib/runtime/function.ts';
import { resolveServer, type ServerPlan } from '../lib/runtime/platform/container.ts';
import { startJob } from '../lib/runtime/platform/job.ts';
import { startServer } from '../lib/runtime/platform/server.ts';
import { observer } from '../lib/runtime/telemetry/observe.ts';
import { writeLine } from '../lib/runtime/telemetry/write-line.ts';

const { env } = process;
const args = process.argv.slice(2);
const isJob = args[0] === jobArgument;
const plan = orFail(() => resolveServer({ env, args: isJob ? args.slice(1) : args }));
const fn = openFunction(import.meta.dirname, score, { open: openSharedHttp });
const observe = observer(fn.model, { platform: plan.logs, watch: fn.watch, write: writeLine, env });
if (isJob) {
  startJob(fn, { observe, process, fail });
} else {
  startServer(fn, { plan, observe, process, fail });
}

function orFail(resolve: () => ServerPlan): ServerPlan {
  try {
    return resolve();
  } catch (error) {
    return fail(error as Error);
  }
}

/** Whoever starts the container can fix it: the log gets one line. */
function fail({ message }: Error): never {
  console.error(message);
  process.exit(1);
}
