import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The compiler's complaints by file, with the project's own options.
 * @param skipLibCheck - whether declarations are left unchecked, as those of some packages must be
 */
export async function compile(
  dir: string,
  { skipLibCheck }: { skipLibCheck: boolean },
): Promise<Map<string, string>> {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')], skipLibCheck },
    include: [dir],
    exclude: [],
  };
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const text = await new Promise<string>(resolve => {
    execFile(process.execPath, [tsc, '-p', dir, '--pretty', 'false'], { cwd: dir }, (_, out) => resolve(out));
  });
  const blocks = text.split(/^(?=\S+?\(\d+,\d+\): error)/m).filter(block => block.trim() !== '');
  return new Map(
    [...Map.groupBy(blocks, block => block.slice(0, block.indexOf('(')))].map(([file, all]) => [
      file,
      all.join(''),
    ]),
  );
}
