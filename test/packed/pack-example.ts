import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { pack } from '../../lib/pack/pack.ts';

export const example = fileURLToPath(new URL('../../examples/breast-cancer', import.meta.url));

/** A folder for the length of a test file. */
export function makeScratch(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'coldpress-packed-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  return scratch;
}

/** Packs the example for a target and the CPU at hand, or the target's only one; or compiled, for Lambda or a container. */
export async function packExample(
  scratch: string,
  variant: 'aws-lambda' | 'gcf' | 'container' | 'compiled' | 'container-compiled',
): Promise<string> {
  const out = join(scratch, variant);
  const isCompiled = variant.endsWith('compiled');
  const target =
    variant === 'compiled' ? 'aws-lambda' : variant === 'container-compiled' ? 'container' : variant;
  const engine = isCompiled ? 'compiled' : 'onnxruntime';
  const arch = target !== 'gcf' && process.arch === 'arm64' ? 'arm64' : 'x64';
  await pack({ cwd: example, env: process.env, target, engine, arch, out });
  return out;
}
