import { portVariables } from '../../contract/platforms.ts';
import { loopback } from '../hosts.ts';

/** The complete environment of the server's process: the user's variables, and none of this machine's. */
export function containerEnvironment({
  env,
  port,
  platform,
  hostEnv,
}: {
  env: Record<string, string>;
  port: number;
  platform: string;
  hostEnv: Record<string, string | undefined>;
}): Record<string, string> {
  const named = portVariables.filter(name => name === 'PORT' || name in env);
  return {
    // Windows cannot start a program without SystemRoot.
    ...(platform === 'win32'
      ? { PATH: '', SystemRoot: hostEnv.SystemRoot ?? '', TEMP: hostEnv.TEMP ?? '' }
      : { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }),
    HOME: '/root',
    NODE_ENV: 'production',
    ...env,
    ...Object.fromEntries(named.map(name => [name, String(port)])),
    // Only coldpress connects to it.
    COLDPRESS_HOST: loopback,
  };
}
