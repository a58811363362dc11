import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const oldest = [22, 18] as const;

/** A Node of another major version that can run coldpress: npm's own, or one of PATH. `undefined`: none is installed. */
export function findOtherNode(env: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const onPath = (env.PATH ?? '').split(delimiter).map(dir => join(dir, name));
  return [env.npm_node_execpath, ...onPath].find(path => {
    if (path === undefined || !existsSync(path)) {
      return false;
    }
    const [major = 0, minor = 0] = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' })
      .split('.')
      .map(Number);
    const canRun = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
    return canRun && major !== Number.parseInt(process.versions.node, 10);
  });
}
