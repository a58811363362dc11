import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pressModel } from '../../../lib/model/press/press.ts';
import { type RowModel, writeRowModel } from './row-models.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-sizes-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A dimension of 0 ends the process in two of these models: TopK divides by it, LSTM takes a batch for granted. */
const cases: { name: RowModel; least: number[] }[] = [
  { name: 'plain', least: [0, 4] },
  { name: 'ranked', least: [1, 4] },
  { name: 'timeFirst', least: [0, 1, 4] },
];

test.each(cases)('$name takes sizes from $least', async ({ name, least }) => {
  const outDir = join(scratch, name);
  const { manifest, optimisation } = await pressModel(writeRowModel(name, scratch), { outDir, arch: 'x64' });
  expect(manifest.signature.inputs[0]!.minShape).toEqual(least);
  expect(optimisation?.kind).toBe('optimised');
});
