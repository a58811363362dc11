import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { SOURCE_MAP_FILE } from '../../../lib/contract/files.ts';
import { exceptionsIn } from '../../../lib/local/log/exception.ts';
import { frameReader } from '../../../lib/local/log/frames.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-frames-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test.each(['plain', 'my proj ü', '100%25 #?', '日本'])('a folder is called as it is: %s', async name => {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'score.ts'), 'export const go = () => {\n  throw new Error("no");\n};\n');
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'score.ts')],
    outdir: '/out',
    sourcemap: 'external',
    minify: true,
    format: 'esm',
    write: false,
    absWorkingDir: scratch,
  });
  const [map, code] = ['.map', '.js'].map(end => outputFiles.find(({ path }) => path.endsWith(end))!);
  writeFileSync(join(folder, SOURCE_MAP_FILE), map!.contents);
  const column = code!.text.indexOf('throw') + 1;
  const log = `Error: no\n    at go (file:///var/task/index.mjs:1:${column})\n    at node:internal:1:1\n`;
  const frame = { file: 'score.ts', line: 2, column: 3, code: 'throw new Error("no");' };
  expect(exceptionsIn(log, frameReader(folder, folder))).toEqual([{ message: 'Error: no', frames: [frame] }]);
  const own = 'Error: decode of your score returned undefined\n    at node:internal:1:1\n';
  expect(exceptionsIn(own, frameReader(folder, folder))).toEqual([
    { message: 'Error: decode of your score returned undefined', frames: [] },
  ]);
  // Lambda repeats an INIT that failed.
  const lambda = `2026-11-28T21:01:25.626Z\t0f3c\tERROR\t${log.trim().replaceAll('\n', '\r')}\n`;
  expect(exceptionsIn(lambda + lambda, frameReader(folder, scratch))).toMatchObject([
    { frames: [{ file: join(name, 'score.ts') }] },
  ]);
});
