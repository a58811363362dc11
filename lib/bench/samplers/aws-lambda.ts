import type { Artifact } from '../../artifact.ts';
import { startInstance } from '../../local/instance.ts';
import { resolveLambdaOptions } from '../../local/lambda-options.ts';
import { chooseNode } from '../../local/node.ts';
import { resolveRuntimeClient, runtimeClientPlaces } from '../../local/runtime-client/resolve-client.ts';
import { createSandbox } from '../../local/sandbox.ts';
import { lambdaVcpu } from '../../targets/aws-lambda/memory.ts';
import { checkExecutable } from '../executable.ts';
import { imposeCpuShare } from '../impose-cpu-share.ts';
import { openPageCache } from '../machine/page-cache.ts';
import type { Sampler } from '../sample.ts';
import { measureSize } from '../size.ts';
import { takeColdStart } from './cold-start.ts';
import { manifestFacts } from './manifest-facts.ts';
import type { SamplerOptions } from './options.ts';

/** Unpacks the artifact once, like Lambda's file system; samples share this folder and nothing else. */
export async function openLambdaSampler(artifact: Artifact, options: SamplerOptions): Promise<Sampler> {
  const { dir, name, kind, memoryMb, plan, onNote } = options;
  const lambda = resolveLambdaOptions({ host: plan.host, memoryMb, signal: plan.signal }, artifact.manifest);
  const { manifest } = artifact;
  checkExecutable(manifest, plan.host);
  const node = await chooseNode(manifest.versions.node, plan.host);
  if (!node.matches) {
    onNote({
      code: 'other-node',
      variant: name,
      message: `no Node ${manifest.versions.node} was found: it runs on ${node.version}`,
      hint: `put Node ${manifest.versions.node} on PATH`,
    });
  }
  const client = resolveRuntimeClient(runtimeClientPlaces(plan.host));
  const sizes = await measureSize(dir);
  const sandbox = await createSandbox(artifact, { kind: 'artifact' });
  const share = options.limitCpu
    ? imposeCpuShare({ name, memoryMb, vcpu: lambdaVcpu(memoryMb), onNote })
    : undefined;
  const close = async () => {
    await sandbox.remove();
    share?.remove();
  };
  try {
    const entry = await client.install(sandbox.runtime);
    const pageCache = plan.coldDisk ? await openPageCache(sandbox.root) : undefined;
    const payload = options.request.payloadFor(manifest.name);
    return {
      facts: {
        name,
        kind,
        memoryMb,
        sizes,
        ...manifestFacts(manifest, { kind, node, runtimeClient: client.name }),
        vcpu: share?.vcpu ?? null,
        coldDisk: pageCache?.how ?? null,
      },
      close,
      async sample() {
        await pageCache?.drop();
        let log = '';
        const instance = await startInstance({
          ...lambda,
          manifest,
          sandbox,
          node,
          entry,
          logStream: 'bench',
          ...(share === undefined ? {} : { launcher: share.launcher }),
          onLog: text => {
            log += text;
          },
        });
        const throttledBefore = share?.throttledMs();
        const sample = await takeColdStart(instance, {
          ...lambda,
          name,
          payload,
          functionName: manifest.name,
          warm: plan.warm,
          log: () => log,
        });
        return throttledBefore === undefined
          ? sample
          : { ...sample, throttledMs: share!.throttledMs() - throttledBefore };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
