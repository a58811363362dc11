import { spawnSync } from 'node:child_process';

/** The system's libraries that a program is linked with, and its loader. */
export function linkedFiles(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file]) => file!);
}
