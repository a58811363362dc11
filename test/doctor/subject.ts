import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../lib/doctor/diagnose.ts';
import { folder } from '../cli/coldpress.ts';

export const today = new Date('2026-11-21');
export const cwd = folder('doctor');

/** A project of these files, in a folder of its own. */
export function project(name: string, files: Record<string, string | Buffer>): string {
  const dir = join(cwd, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}

export async function found(subject: string, at = today) {
  const { findings } = await diagnose(subject, { cwd, today: at });
  return findings.map(({ id }) => id);
}
