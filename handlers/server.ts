import { join } from 'node:path';
import score from '#score';
import { MANIFEST_FILE, parseManifest } from '../lib/contract/manifest.ts';
import { jobArgument } from '../lib/contract/platforms.ts';
import { openSharedHttp } from '../lib/runtime/batching/open-shared-http.ts';
import { embedded, readPackedText } from '../lib/runtime/embedded.ts';
import { openFunction } from '../lib/runtime/function.ts';
import { resolveServer } from '../lib/runtime/platform/container.ts';
import { startJob } from '../lib/runtime/platform/job.ts';
import { loadChunk } from '../lib/runtime/platform/load-chunk.ts';
import { startServer } from '../lib/runtime/platform/server.ts';
import { cloudLoggingLine } from '../lib/runtime/telemetry/cloud-logging.ts';
import { emfLine } from '../lib/runtime/telemetry/emf.ts';
import { observer } from '../lib/runtime/telemetry/observe.ts';
import { writeLine } from '../lib/runtime/telemetry/write-line.ts';

const { env } = process;
const dir = import.meta.dirname;
const args = process.argv.slice(2);

if (/^(score|verify|sbom|clean|--help)$/.test(args[0] ?? '')) {
  loadChunk<typeof import('../lib/runtime/platform/command-line.ts')>('platform/command-line').then(
    ({ runCommand }) =>
      runCommand(args, {
        dir,
        manifest: () => parseManifest(readPackedText(join(dir, MANIFEST_FILE))),
        open: () => openFunction(dir, score),
        process,
      }),
  );
} else {
  serve();
}

function serve(): void {
  const isJob = args[0] === jobArgument;
  // In a container, SageMaker passes "serve"; in an executable, people do.
  const isNamed = isJob || (embedded !== undefined && args[0] === 'serve');
  const plan = orFail(() => resolveServer({ env, args: isNamed ? args.slice(1) : args }));
  const fn = orFail(() => openFunction(dir, score, { open: openSharedHttp }));
  const format = plan.logs === 'aws' ? emfLine : cloudLoggingLine;
  const observe = observer(fn.model, { format, watch: fn.watch, write: writeLine, env });
  if (isJob) {
    startJob(fn, { observe, process, fail });
    return;
  }
  startServer(fn, { plan, observe, process, fail });
  if (embedded !== undefined) {
    process.stderr.write(`${fn.model.manifest.name} answers at http://localhost:${plan.port}/\n`);
  }
}

function orFail<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return fail(error as Error);
  }
}

/** Logs a single line, because the person who starts the container can fix the error. */
function fail({ message }: Error): never {
  console.error(message);
  process.exit(1);
}
