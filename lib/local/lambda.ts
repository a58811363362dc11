import { randomBytes } from 'node:crypto';
import { openToRun } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { functionArn, local } from './environment.ts';
import { createExecutor, type Executor } from './executor.ts';
import { type Engine, resolveHostEngine } from './host-engine.ts';
import { startInstance } from './instance.ts';
import { type LambdaOptions, resolveLambdaOptions } from './lambda-options.ts';
import { chooseNode, type NodeChoice } from './node.ts';
import { rehearseInvocation } from './rehearse.ts';
import { resolveRuntimeClient, runtimeClientPlaces } from './runtime-client/resolve-client.ts';
import { createSandbox } from './sandbox.ts';

export interface Lambda extends Executor {
  manifest: Manifest;
  functionArn: string;
  /** `aws-lambda-ric 4.0.2`, or `coldpress` for our own. */
  runtimeClient: string;
  node: NodeChoice;
  engine: Engine;
  /** Kills the process and removes its files. A pending invocation rejects with `LAMBDA_CLOSED`. */
  close(): Promise<void>;
}

/**
 * A Lambda with one instance for the artifact in `dir`, under AWS's own runtime client if it is installed. The function
 * does not run before `init` or `invoke`.
 */
export async function startLambda(dir: string, options: LambdaOptions): Promise<Lambda> {
  const artifact = openToRun(dir, 'aws-lambda');
  const { manifest } = artifact;
  const plan = resolveLambdaOptions(options, manifest);
  const engine = resolveHostEngine(manifest, plan.host);
  const node = await chooseNode(manifest.versions.node, plan.host);
  const client = resolveRuntimeClient(runtimeClientPlaces(plan.host), plan.runtimeClient);
  await rehearseInvocation();
  const sandbox = await createSandbox(artifact, engine, plan);
  const arn = functionArn(manifest.name);
  const executor = createExecutor({
    ...plan,
    functionArn: arn,
    async start(onLog) {
      const entry = await client.install(sandbox.runtime);
      const logStream = logStreamName(new Date());
      return startInstance({ ...plan, manifest, sandbox, node, entry, onLog, logStream });
    },
  });
  let closing: Promise<void> | undefined;
  function close() {
    closing ??= executor.close().then(sandbox.remove);
    return closing;
  }
  plan.signal?.addEventListener('abort', close, { once: true });
  if (plan.signal?.aborted === true) {
    await close();
  }
  return {
    ...executor,
    manifest,
    functionArn: arn,
    runtimeClient: client.name,
    node,
    engine,
    close,
  };
}

function logStreamName(now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${local.version}]${randomBytes(16).toString('hex')}`;
}
