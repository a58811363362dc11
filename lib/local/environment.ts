import { delimiter } from 'node:path';
import type { Manifest } from '../contract/manifest.ts';
import type { Host } from './host.ts';
import type { Sandbox } from './sandbox.ts';

/** Values of the local function's environment for those that a real account has on Lambda. */
export const local = { region: 'us-east-1', account: '123456789012', version: '$LATEST' } as const;

export function functionArn(name: string): string {
  return `arn:aws:lambda:${local.region}:${local.account}:function:${name}`;
}

/**
 * The complete environment of the function's process: Lambda's variables and the user's, none of this machine's.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function lambdaEnvironment(options: {
  manifest: Manifest;
  sandbox: Sandbox;
  host: Host;
  runtimeApi: string;
  memoryMb: number;
  logStream: string;
  env: Record<string, string>;
}): Record<string, string> {
  const { manifest, sandbox, host } = options;
  return {
    ...machine(host),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_REGION: local.region,
    AWS_DEFAULT_REGION: local.region,
    ...options.env,
    AWS_EXECUTION_ENV: `AWS_Lambda_${manifest.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: manifest.name,
    AWS_LAMBDA_FUNCTION_VERSION: local.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${manifest.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStream,
    AWS_LAMBDA_RUNTIME_API: options.runtimeApi,
    LAMBDA_TASK_ROOT: sandbox.task,
    LAMBDA_RUNTIME_DIR: sandbox.runtime,
    NODE_PATH: sandbox.nodePath.join(delimiter),
    _HANDLER: manifest.handler,
  };
}

function machine({ platform, env }: Host): Record<string, string> {
  // Windows cannot start a program without SystemRoot, and has no /tmp.
  if (platform === 'win32') {
    return { PATH: '', SystemRoot: env.SystemRoot ?? '', TEMP: env.TEMP ?? '' };
  }
  return { PATH: '/usr/local/bin:/usr/bin:/bin' };
}
