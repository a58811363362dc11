import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRAM_FILE, WEIGHTS_FILE } from '../../contract/files.ts';
import type { Compiled } from '../compile/compile.ts';

export async function writeCompiled({ program, weights }: Compiled, outDir: string): Promise<void> {
  await writeFile(join(outDir, WEIGHTS_FILE), weights);
  await writeFile(join(outDir, PROGRAM_FILE), `${JSON.stringify(program)}\n`);
}
