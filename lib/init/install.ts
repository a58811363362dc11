import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ColdpressError } from '../errors.ts';
import { unreachableRegistry } from './reachable.ts';

/** Package managers that run commands of packages, by the name they set in the environment. */
const managers = ['npm', 'pnpm', 'yarn', 'bun'];

/** The install command: of the package manager that started this command, or of npm. */
export function installCommand({ npm_config_user_agent: agent = '' }: NodeJS.ProcessEnv): string {
  const manager = managers.find(name => agent.startsWith(`${name}/`)) ?? 'npm';
  return `${manager} install`;
}

/**
 * Installs the packages of the project in `cwd`; the installer's output goes to stderr.
 * @throws ColdpressError INSTALL_FAILED
 */
export async function installProject(
  cwd: string,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<void> {
  const command = installCommand(env);
  const host = await unreachableRegistry(env);
  signal.throwIfAborted();
  if (host !== undefined) {
    throw new ColdpressError('INSTALL_FAILED', `the project is written, but ${host} cannot be reached`, {
      hint: `when you are online, or have a registry: ${command} && npx coldpress dev`,
    });
  }
  // On Windows, package managers are scripts, which need a shell.
  const child = spawn(command, { cwd, env, shell: true, stdio: ['ignore', process.stderr.fd, 'inherit'] });
  const [code] = await once(child, 'exit');
  signal.throwIfAborted();
  if (code !== 0) {
    throw new ColdpressError('INSTALL_FAILED', `the project is written, but ${command} failed`, {
      hint: `see its message above, then run ${command} in ${cwd}`,
    });
  }
}
