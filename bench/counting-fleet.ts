/**
 * Scores 10,000 rows on 200 instances that are killed at random, on both platforms: the sums of their lines must equal
 * those of one process. `node bench/counting-fleet.ts [ROWS] [INSTANCES]`
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { firstSlot } from '../lib/contract/drift-counts.ts';
import { countedColumns, PROFILE_FILE } from '../lib/contract/profile.ts';
import { pack } from '../lib/pack/pack.ts';
import { makeRows, runFleet, sumLog } from './counting/fleet.ts';
import { randomNumbers } from './models/random.ts';

const [rowCount = 10_000, instances = 200] = process.argv.slice(2).map(Number);
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-fleet-'));
const cwd = fileURLToPath(new URL('../examples/breast-cancer', import.meta.url));
try {
  const platforms = ['aws-lambda', 'gcf'] as const;
  for (const target of platforms) {
    await pack({ cwd, env: process.env, target, engine: 'compiled', out: join(scratch, target) });
  }
  for (const platform of platforms) {
    const out = join(scratch, platform);
    const profile = JSON.parse(readFileSync(join(out, 'function', PROFILE_FILE), 'utf8'));
    const slots = countedColumns(profile).map(({ counts }) => firstSlot + counts.length);
    const random = randomNumbers(7);
    const rows = makeRows(rowCount, random);
    const one = sumLog(await runFleet(out, rows, { platform, instances: 1, random }), slots);
    const many = sumLog(await runFleet(out, rows, { platform, instances, random }), slots);
    const isEqual = isDeepStrictEqual(one, many);
    console.log(
      `${platform}: ${many.rows} rows of ${rowCount} by ${instances} instances, sums ${isEqual ? 'equal' : 'differ from'} those of one`,
    );
    process.exitCode ||= isEqual && many.rows === rowCount ? 0 : 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
