import type { IncomingMessage, ServerResponse } from 'node:http';
import { openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import type { Backend, BackendEvents } from './backend.ts';
import { startContainer } from './container/start.ts';
import type { Signature } from './gcf/environment.ts';
import { startGcf } from './gcf/start.ts';
import { startLambdaBackend } from './lambda-backend.ts';
import type { LambdaOptions } from './lambda-options.ts';
import { answerOwnPath } from './own-paths.ts';
import { playgroundSamples } from './playground/samples.ts';
import { isOwnPath } from './reserved-paths.ts';
import { serverBackend } from './server-backend.ts';
import { parseServerTiming, type TimedPhase } from './server-timing.ts';

export interface RunOptions extends LambdaOptions {
  /** How a gcf artifact is called. @default http */
  signature?: Signature | undefined;
  /** Whether the server in front packs again and reports at `/_coldpress/state` what is wrong. @default false */
  watches?: boolean | undefined;
}

export interface RunningFunction extends Omit<Backend, 'answer'> {
  /** Whether there is a page to try it with; not where it takes events alone. */
  hasPlayground: boolean;
  /** Answers a request as the function's platform would, and `/_coldpress/` itself. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

type BackendOptions = LambdaOptions & BackendEvents & { signature: Signature };

/** How each target's artifacts are kept up. */
const backends: Record<Manifest['target'], (dir: string, options: BackendOptions) => Promise<Backend>> = {
  'aws-lambda': startLambdaBackend,
  gcf: async (dir, options) => serverBackend(await startGcf(dir, { ...options, port: 0 }), options),
  container: async (dir, options) =>
    serverBackend(await startContainer(dir, { ...options, port: 0 }), options),
};

/** Keeps the function of the artifact in `dir` up as its platform would, with the playground and `health` next to it. */
export async function runFunction(dir: string, options: RunOptions): Promise<RunningFunction> {
  const { manifest, functionDir } = openArtifact(dir);
  const { signature = 'http', watches = false } = options;
  const takesRequests = manifest.target !== 'gcf' || signature === 'http';
  const playground = takesRequests
    ? { samples: await playgroundSamples(functionDir, manifest, options.host.cwd), watches }
    : undefined;
  let phases: TimedPhase[] = [];
  const backend = await backends[manifest.target](dir, {
    ...options,
    signature,
    // The page that documents the endpoint is off by default in the cloud, and on here.
    env: { COLDPRESS_LOCAL: '1', ...options.env },
    onTiming: header => {
      phases = parseServerTiming(header);
    },
  });
  return {
    ...backend,
    hasPlayground: takesRequests,
    async answer(request, response) {
      const url = request.url ?? '/';
      await (isOwnPath(url)
        ? answerOwnPath({ backend, phases, playground }, url, response)
        : backend.answer(request, response));
    },
  };
}
