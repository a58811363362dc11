import { openToRun } from '../../artifact.ts';
import { ColdpressError } from '../../errors.ts';
import { type LocalOptions, localDefaults } from '../options.ts';
import { type ServerFunction, startServerFunction } from '../server-function.ts';
import { containerEnvironment } from './environment.ts';

export interface ContainerOptions extends LocalOptions {
  /** 0 selects a free port. */
  port: number;
}

/**
 * Starts the server of a container artifact, as the entry point of its image does.
 * @throws ColdpressError OPTION_CONFLICT, and the errors of `openArtifact`
 */
export async function startContainer(dir: string, options: ContainerOptions): Promise<ServerFunction> {
  const artifact = openToRun(dir, 'container');
  const { host, memoryMb, timeoutSeconds, signal, port } = options;
  const { env, onLog, delivers } = { ...localDefaults, ...defined(options) };
  const misplaced = memoryMb !== undefined ? 'memory' : timeoutSeconds !== undefined ? 'timeout' : undefined;
  if (misplaced !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', `--${misplaced} does not go with a container`, {
      hint: 'the platform that runs the container sets it; leave it out here',
    });
  }
  const { handler } = artifact.manifest;
  return startServerFunction(artifact, { host, port, onLog, delivers, signal }, () => ({
    args: [handler],
    runtimeClient: 'node:http',
    env: port => containerEnvironment({ env, port, platform: host.platform, hostEnv: host.env }),
  }));
}

function defined({ env, onLog, delivers }: LocalOptions) {
  return {
    ...(env !== undefined && { env }),
    ...(onLog !== undefined && { onLog }),
    ...(delivers !== undefined && { delivers }),
  };
}
