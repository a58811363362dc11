import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const archive = fileURLToPath(new URL('../../../../shared/corpus/corpus.tar.gz', import.meta.url));
const bench = fileURLToPath(new URL('../../../bench/engines/corpus.ts', import.meta.url));

test.skipIf(!existsSync(archive))(
  "ONNX's own tests pass where their operators and types are covered",
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'coldpress-operators-'));
    try {
      execFileSync('tar', ['-xSzf', archive, '-C', folder]);
      // It ends with 1 where an answer differs from ONNX Runtime's.
      const text = execFileSync(process.execPath, [bench, folder, '--only', 'onnx-node'], {
        encoding: 'utf8',
      });
      expect(text).toMatch(/ equal: \d\d,/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
