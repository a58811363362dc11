import type { IncomingMessage, ServerResponse } from 'node:http';
import { openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import type { Backend, BackendEvents } from './backend.ts';
import { startContainer } from './container/start.ts';
import type { Signature } from './gcf/environment.ts';
import { startGcf } from './gcf/start.ts';
import { startLambdaBackend } from './lambda-backend.ts';
import type { LambdaOptions } from './lambda-options.ts';
import type { Exception } from './log/exception.ts';
import { explainedBody } from './log/explain.ts';
import { frameReader } from './log/frames.ts';
import { type FunctionEvent, type FunctionLog, functionLog } from './log/function-log.ts';
import { answerOwnPath } from './own-paths.ts';
import { playgroundSamples } from './playground/samples.ts';
import { isOwnPath } from './reserved-paths.ts';
import { serverBackend } from './server-backend.ts';
import { parseServerTiming, type TimedPhase } from './server-timing.ts';

export interface RunOptions extends LambdaOptions {
  /** How a gcf artifact is called. @default http */
  signature?: Signature | undefined;
  /** Whether the server in front packs again and reports errors at `/_coldpress/state`. @default false */
  watches?: boolean | undefined;
  /** Whether answers to failed requests contain the exception and its location. @default false */
  explains?: boolean | undefined;
  /** Receives requests, exceptions, and output. @default dropped */
  onEvent?: ((event: FunctionEvent) => void) | undefined;
}

export interface RunningFunction extends Omit<Backend, 'answer'> {
  /** Whether there is a page to try the function with; false if it accepts only events. */
  hasPlayground: boolean;
  /** The last exception. */
  lastException(): Exception | undefined;
  /** Answers a request as the function's platform would, and requests to `/_coldpress/` itself. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

type BackendOptions = LambdaOptions & BackendEvents & { signature: Signature };

/** Starts artifacts of each target. */
const backends: Record<Manifest['target'], (dir: string, options: BackendOptions) => Promise<Backend>> = {
  'aws-lambda': startLambdaBackend,
  gcf: async (dir, options) => serverBackend(await startGcf(dir, { ...options, port: 0 }), options),
  container: async (dir, options) =>
    serverBackend(await startContainer(dir, { ...options, port: 0 }), options),
};

/** How long after an answer its telemetry line may arrive; the local Lambda waits for it. */
const telemetryMs: Record<Manifest['target'], number> = { 'aws-lambda': 0, gcf: 250, container: 250 };

/**
 * Runs the function of the artifact in `dir` as its platform would, and adds the playground and `health`.
 * @throws ColdpressError OPTION_CONFLICT for a signature of another target, and the errors of the platform's start
 */
export async function runFunction(dir: string, options: RunOptions): Promise<RunningFunction> {
  const { manifest, functionDir } = openArtifact(dir);
  if (options.signature !== undefined && manifest.target !== 'gcf') {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      `${dir} is for ${manifest.target}, which has no --signature`,
      {
        hint: 'omit --signature; only gcf artifacts are called in two ways',
      },
    );
  }
  const {
    signature = 'http',
    watches = false,
    explains = false,
    onLog = () => {},
    onEvent = () => {},
  } = options;
  const takesRequests = manifest.target !== 'gcf' || signature === 'http';
  const playground = takesRequests
    ? { samples: await playgroundSamples(functionDir, manifest, options.host.cwd), watches }
    : undefined;
  let phases: TimedPhase[] = [];
  const log = functionLog(frameReader(dir, options.host.cwd), {
    onEvent,
    telemetryMs: manifest.telemetry === false ? 0 : telemetryMs[manifest.target],
  });
  const backend = await backends[manifest.target](dir, {
    ...options,
    signature,
    onLog(text) {
      onLog(text);
      log.push(text);
    },
    explain: explains ? since => explain(log, since) : undefined,
    // The page that documents the endpoint is off by default in the cloud, and on locally.
    env: { COLDPRESS_LOCAL: '1', ...options.env },
    onTiming: header => {
      phases = parseServerTiming(header);
    },
  });
  return {
    ...backend,
    hasPlayground: takesRequests,
    lastException: () => log.lastException(0),
    async answer(request, response) {
      const { method = 'GET', url = '/' } = request;
      if (isOwnPath(url)) {
        return answerOwnPath({ backend, phases, playground, exception: log.lastException(0) }, url, response);
      }
      const begun = performance.now();
      const requestId = await backend.answer(request, response);
      const ms = performance.now() - begun;
      log.answered({ method, path: url, status: response.statusCode, ms }, requestId);
    },
  };
}

async function explain(log: FunctionLog, since: number): Promise<Buffer | undefined> {
  await log.settle();
  const exception = log.lastException(since);
  return exception && explainedBody(exception);
}
