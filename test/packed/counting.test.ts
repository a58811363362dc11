import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRows, type Platform, runFleet, sumLog } from '../../bench/counting/fleet.ts';
import { randomNumbers } from '../../bench/models/random.ts';
import { firstSlot } from '../../lib/contract/drift-counts.ts';
import { countedColumns, PROFILE_FILE } from '../../lib/contract/profile.ts';
import { pack } from '../../lib/pack/pack.ts';
import { example, makeScratch } from './pack-example.ts';

const scratch = makeScratch();

/** `node bench/counting-fleet.ts` does the same with 10,000 rows and 200 instances. */
describe.each<Platform>(['aws-lambda', 'gcf'])('%s', platform => {
  test('instances that are killed lose no count, and no value is in a line', {
    timeout: 120_000,
  }, async () => {
    const out = join(scratch, platform);
    await pack({ cwd: example, env: process.env, target: platform, engine: 'compiled', out });
    const profile = JSON.parse(readFileSync(join(out, 'function', PROFILE_FILE), 'utf8'));
    expect(profile.model.name).toBe('breast-cancer');
    const slots = countedColumns(profile).map(({ counts }) => firstSlot + counts.length);
    const random = randomNumbers(3);
    const rows = makeRows(150, random);
    const one = await runFleet(out, rows, { platform, instances: 1, random });
    const many = await runFleet(out, rows, { platform, instances: 4, random });
    expect(sumLog(many, slots)).toEqual(sumLog(one, slots));
    expect(sumLog(many, slots).rows).toBe(rows.length);
    const words = new Set(many.split(/[^\w.+-]+/));
    const values = rows.flat().filter(value => !Number.isNaN(value));
    expect(values.filter(value => words.has(String(value)))).toEqual([]);
  });
});
