import { spawnSync } from 'node:child_process';
import { quote } from '../shell-command.ts';

/**
 * Says which files that the project needs are ignored by Git: a checkout, as in the workflow, would lack them. Says
 * nothing where there is no repository, or no Git.
 */
export function ignoredNotes(cwd: string, files: readonly string[]): string[] {
  const input = files.join('\0');
  const { stdout } = spawnSync('git', ['check-ignore', '-z', '--stdin'], { cwd, input, encoding: 'utf8' });
  const ignored = (stdout ?? '').split('\0').filter(path => path !== '');
  return ignored.map(
    path =>
      `${path} is ignored by Git, so a checkout of the repository lacks it; run git add --force ${quote(path)}`,
  );
}
