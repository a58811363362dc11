import { openToRun } from '../../artifact.ts';
import { ColdpressError } from '../../errors.ts';
import { type ServerFunction, startServerFunction } from '../server-function.ts';
import { gcfEnvironment, type Signature } from './environment.ts';
import { type GcfOptions, resolveGcfOptions } from './options.ts';
import { placeFramework } from './place-framework.ts';

/**
 * Starts a gcf artifact under the functions framework that it contains.
 * @throws ColdpressError
 */
export async function startGcf(dir: string, options: GcfOptions): Promise<ServerFunction> {
  const artifact = openToRun(dir, 'gcf');
  const { manifest } = artifact;
  const plan = resolveGcfOptions(options, manifest);
  return startServerFunction(artifact, plan, async functionDir => {
    const { version, main } = await placeFramework(functionDir);
    return {
      args: [main],
      runtimeClient: `functions-framework ${version}`,
      env: port => gcfEnvironment({ ...plan, manifest, port }),
    };
  });
}

/** @throws ColdpressError OPTION_INVALID */
export function checkSignature(text: string | undefined): Signature | undefined {
  if (text === undefined || text === 'http' || text === 'cloudevent') {
    return text;
  }
  throw new ColdpressError('OPTION_INVALID', `--signature is ${text}`, { hint: 'one of: http, cloudevent' });
}
