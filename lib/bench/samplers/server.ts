import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact } from '../../artifact.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { containerEnvironment } from '../../local/container/environment.ts';
import { freePort } from '../../local/free-port.ts';
import { gcfEnvironment } from '../../local/gcf/environment.ts';
import { placeFramework } from '../../local/gcf/place-framework.ts';
import { chooseNode } from '../../local/node.ts';
import { createSandbox } from '../../local/sandbox.ts';
import { type ServerProcess, startServerProcess } from '../../local/server-process.ts';
import { parseServerTiming } from '../../local/server-timing.ts';
import { checkExecutable } from '../executable.ts';
import { cpuTimeMs } from '../machine/cpu-time.ts';
import { openPageCache } from '../machine/page-cache.ts';
import { dividePhases } from '../phases.ts';
import type { Sampler } from '../sample.ts';
import { measureSize } from '../size.ts';
import { beforeRequests, benchFailure } from './failure.ts';
import { fetchAnswer } from './fetch-answer.ts';
import { type HttpRequest, httpRequestOf } from './http-request.ts';
import { manifestFacts } from './manifest-facts.ts';
import type { SamplerOptions } from './options.ts';

const startLimitMs = 60_000;
const timeoutSeconds = 60;

/** How a target's functions are started. */
interface Starter {
  /** Prepares the function's folder; returns what passes requests to the function. */
  prepare(functionDir: string, kind: SamplerOptions['kind']): Promise<string>;
  command(nodePath: string, manifest: Manifest): readonly [string, ...string[]];
  environment(
    options: Omit<Parameters<typeof gcfEnvironment>[0], 'env' | 'timeoutSeconds'>,
  ): Record<string, string>;
  /** The reason why no CPU share was imposed. */
  cpuShare: string;
}

const starters: Record<Exclude<Manifest['target'], 'aws-lambda'>, Starter> = {
  gcf: {
    async prepare(functionDir, kind) {
      const version = kind === 'artifact' ? (await placeFramework(functionDir)).version : 'of node_modules';
      return `functions-framework ${version}`;
    },
    // The command of the buildpack's image.
    command: () => ['/bin/sh', '-c', 'exec node_modules/.bin/functions-framework'],
    environment: options => gcfEnvironment({ ...options, timeoutSeconds, env: {} }),
    cpuShare: 'Cloud Run sets CPU and memory separately',
  },
  container: {
    prepare: async (_, kind) => (kind === 'artifact' ? 'node:http' : 'express'),
    command: (nodePath, { handler }) => [nodePath, handler],
    environment: ({ port, host }) =>
      containerEnvironment({ env: {}, port, platform: host.platform, hostEnv: host.env }),
    cpuShare: 'container platforms set CPU and memory separately',
  },
};

/** Unpacks the artifact once, as in the image; samples share this folder and nothing else. */
export async function openServerSampler(artifact: Artifact, options: SamplerOptions): Promise<Sampler> {
  const { dir, name, kind, memoryMb, limitCpu, plan, onNote } = options;
  const { manifest } = artifact;
  const target = manifest.target as keyof typeof starters;
  const starter = starters[target];
  checkExecutable(manifest, plan.host);
  const request = httpRequestOf(options.request.payloadFor(manifest.name).toString());
  const node = await chooseNode(manifest.versions.node, plan.host);
  if (limitCpu) {
    onNote({
      code: 'no-cpu-share',
      variant: name,
      message: `${starter.cpuShare}: no share of it was imposed`,
      hint: 'its times are those of all of this machine',
    });
  }
  const sizes = await measureSize(dir);
  const sandbox = await createSandbox(artifact, { kind: 'artifact' });
  try {
    const runtimeClient = await starter.prepare(sandbox.task, kind);
    const pageCache = plan.coldDisk ? await openPageCache(sandbox.root) : undefined;
    return {
      facts: {
        name,
        kind,
        memoryMb,
        sizes,
        vcpu: null,
        ...manifestFacts(manifest, { kind, node, runtimeClient }),
        coldDisk: pageCache?.how ?? null,
      },
      close: sandbox.remove,
      async sample() {
        await pageCache?.drop();
        const environment = starter.environment({
          manifest,
          host: plan.host,
          memoryMb,
          signature: request.signature,
          port: await freePort(0),
        });
        let log = '';
        const failed = (phase: string, reason: string) => benchFailure(name, { phase, reason, log });
        const instance = await startServerProcess({
          command: starter.command(node.path, manifest),
          cwd: sandbox.task,
          env: { ...environment, PATH: `${dirname(node.path)}:${environment.PATH}` },
          onLog: text => {
            log += text;
          },
          startLimitMs,
          signal: plan.signal,
        }).catch((error: Error) => {
          plan.signal?.throwIfAborted();
          throw failed(beforeRequests('its start'), error.message);
        });
        try {
          return await takeColdStart(instance, { request, warm: plan.warm, signal: plan.signal, failed });
        } finally {
          instance.kill();
          await instance.exited;
          // The port's connections close a moment after the process ends.
          await sleep(1);
        }
      },
    };
  } catch (error) {
    await sandbox.remove();
    throw error;
  }
}

interface ColdStart {
  request: HttpRequest;
  warm: number;
  signal: AbortSignal | undefined;
  failed(phase: string, reason: string): Error;
}

async function takeColdStart(instance: ServerProcess, { request, warm, signal, failed }: ColdStart) {
  async function sendRequest(phase: string) {
    const start = performance.now();
    const { path, method, headers, body } = request;
    const { status, timing, text } = await fetchAnswer(
      instance.url + path,
      { method, headers, ...(body === undefined ? {} : { body }) },
      { limitMs: timeoutSeconds * 1000, signal },
    ).catch((error: Error) => {
      signal?.throwIfAborted();
      throw failed(phase, error.message);
    });
    if (status >= 400) {
      throw failed(phase, `it answered ${status}: ${text}`);
    }
    return { answerMs: performance.now() - start, timing };
  }
  const initMs = instance.readyMs;
  const { answerMs, timing } = await sendRequest('its first request');
  const cpuMs = cpuTimeMs(instance.pid);
  const warmMs: number[] = [];
  while (warmMs.length < warm) {
    warmMs.push((await sendRequest(`request ${warmMs.length + 2}`)).answerMs);
  }
  const phases = dividePhases({ initMs, answerMs, inside: parseServerTiming(timing) });
  const peakMemoryMb = instance.memoryMb() ?? null;
  return { totalMs: initMs + answerMs, initMs, answerMs, phases, warmMs, peakMemoryMb, cpuMs };
}
