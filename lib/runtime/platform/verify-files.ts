import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readPacked } from '../embedded.ts';
import type { CommandScope } from './command-scope.ts';

/**
 * Implements `verify`: compares every file of the function with its manifest.
 * @returns 3 if a file differs
 */
export function verifyFiles(args: readonly string[], { dir, manifest, process }: CommandScope): number {
  if (args.length > 0) {
    throw new Error(`unknown argument "${args[0]}"; verify has none`);
  }
  const { name, model, files } = manifest();
  const differences = files.flatMap(({ path, sha256 }) => {
    const found = hashOf(join(dir, path));
    return found === sha256
      ? []
      : `${path}: ${found === undefined ? 'missing' : `SHA-256 ${found}, expected ${sha256}`}\n`;
  });
  process.stdout.write(
    differences.length === 0
      ? `${name} ${model.sha256.slice(0, 12)}: all ${files.length} files are what was packed\n`
      : differences.join(''),
  );
  return differences.length === 0 ? 0 : 3;
}

function hashOf(path: string): string | undefined {
  try {
    return createHash('sha256').update(readPacked(path)).digest('hex');
  } catch {
    return undefined;
  }
}
