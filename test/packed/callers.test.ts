import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCallers } from '../../bench/callers/callers.ts';
import { compareCallers } from '../../bench/callers/compare.ts';
import { type SharingTarget, startPair } from '../../bench/callers/start.ts';
import { randomNumbers } from '../../bench/models/random.ts';
import { FUNCTION_FOLDER } from '../../lib/contract/files.ts';
import { MANIFEST_FILE } from '../../lib/contract/manifest.ts';
import { pack } from '../../lib/pack/pack.ts';
import { type RowModel, writeRowModel } from '../model/rows/row-models.ts';
import { makeScratch } from './pack-example.ts';

// bench/callers.ts asks for 20,000 callers, on every model of the kind.

const scratch = makeScratch();
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

async function packed(name: RowModel, target: SharingTarget, engine: 'auto' | 'onnxruntime') {
  const out = join(scratch, `${name}-${target}-${engine}`);
  await pack({
    cwd: scratch,
    env: process.env,
    model: writeRowModel(name, scratch),
    target,
    engine,
    arch,
    out,
  });
  return out;
}

async function compared(dir: string, target: SharingTarget) {
  const pair = await startPair(dir, target);
  try {
    const callers = makeCallers(pair.together.manifest, { count: 520, random: randomNumbers(3) });
    const found = await compareCallers(callers, { ...pair, atOnce: 130 });
    return { ...found, shares: pair.together.manifest.rows.independent };
  } finally {
    await pair.close();
  }
}

test.each([
  { name: 'targets', target: 'gcf', engine: 'onnxruntime', shares: true },
  { name: 'plain', target: 'container', engine: 'auto', shares: true },
  { name: 'dynamicQuantised', target: 'gcf', engine: 'onnxruntime', shares: false },
  { name: 'softmaxOfRows', target: 'container', engine: 'auto', shares: false },
] as const)(
  'callers of $name on $target, all at once, get what each gets alone',
  async ({ name, target, engine, shares }) => {
    const { statuses, ...found } = await compared(await packed(name, target, engine), target);
    expect(found).toMatchObject({ wrong: 0, examples: [], shares });
    // Half of those who are wrong send a tensor, the others a record.
    expect(statuses).toEqual({ 200: 480, 400: 20, 422: 20 });
  },
  60_000,
);

test('the comparison finds callers that were mixed', async () => {
  const dir = await packed('softmaxOfRows', 'container', 'auto');
  const lying = join(scratch, 'lying');
  cpSync(dir, lying, { recursive: true });
  const path = join(lying, FUNCTION_FOLDER, MANIFEST_FILE);
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...manifest, rows: { independent: true } }));
  const { wrong } = await compared(lying, 'container');
  expect(wrong).toBeGreaterThan(100);
}, 60_000);
