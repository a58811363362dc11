import { parseServerTiming } from '../../local/server-timing.ts';
import { dividePhases } from '../phases.ts';
import type { Sampler } from '../sample.ts';
import { benchFailure } from '../samplers/failure.ts';
import { fetchAnswer } from '../samplers/fetch-answer.ts';
import type { HttpRequest } from '../samplers/http-request.ts';
import { authorization, type DeployedService } from './service.ts';

const requestLimitMs = 300_000;

/** Measures cold starts of revisions that receive no other requests. The caller restores what it changes. */
export function openRevisionSampler(options: {
  service: DeployedService;
  name: string;
  request: HttpRequest;
  warm: number;
  startedAt: string;
  region: string;
  signal: AbortSignal | undefined;
}): Sampler {
  const { service, name, request, warm, startedAt, region, signal } = options;
  let count = 0;
  return {
    facts: {
      name,
      kind: 'artifact',
      target: 'gcf',
      architecture: 'x64',
      memoryMb: 0,
      vcpu: null,
      coldDisk: null,
      region,
      versions: { coldpress: '', node: '', onnxruntime: '', runtimeClient: 'Cloud Run' },
      sizes: { diskBytes: 0, zippedBytes: 0 },
    },
    close: async () => {},
    async sample() {
      const { url, serviceUrl } = await service.startRevision(`${startedAt}-${count++}`);
      // No token is sent to a server without TLS.
      const headers = url.startsWith('https:') ? await authorization(serviceUrl) : {};
      const first = await sendRequest('its first request');
      const inside = parseServerTiming(first.timing);
      const claimed = inside.reduce((sum, { ms }) => sum + ms, 0);
      const warmMs: number[] = [];
      while (warmMs.length < warm) {
        warmMs.push((await sendRequest(`request ${warmMs.length + 2}`)).ms);
      }
      // The function reports its own parts; the rest of the round trip (scheduling, download, network) is the
      // platform's.
      const initMs = claimed - (inside.find(phase => phase.name === 'first')?.ms ?? 0);
      const answerMs = claimed - initMs;
      const platform = Math.max(0, first.ms - claimed);
      const phases = { ...dividePhases({ initMs, answerMs, inside }), platform };
      return {
        totalMs: first.ms,
        initMs: platform + initMs,
        answerMs,
        warmMs,
        phases,
        peakMemoryMb: null,
        cpuMs: null,
      };

      async function sendRequest(phase: string) {
        const start = performance.now();
        const { path, method, body } = request;
        const { status, timing, text } = await fetchAnswer(
          new URL(path, url),
          {
            method,
            headers: { ...request.headers, ...headers },
            ...(body === undefined ? {} : { body }),
          },
          { limitMs: requestLimitMs, signal },
        ).catch((error: Error) => {
          signal?.throwIfAborted();
          throw benchFailure(name, { phase, reason: error.message, log: '' });
        });
        if (status >= 400) {
          throw benchFailure(name, { phase, reason: `it answered ${status}: ${text}`, log: '' });
        }
        return { ms: performance.now() - start, timing };
      }
    },
  };
}
