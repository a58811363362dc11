/**
 * Kills commands, after each of their renames and at random moments, and runs them again:
 *   node bench/kills.ts [--kills 500] [--seed 1] [--only pack,batch,fetch,init]
 * After each kill, the output must be the old or the new one, and complete; after the next run it must be the new one,
 * with nothing else left behind. Exits with 1 otherwise.
 */
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { killOnce, type Moment, runWhole, type Undisturbed } from './kills/kill.ts';
import { makeScenarios, type Scenario } from './kills/scenarios.ts';
import { randomNumbers } from './models/random.ts';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string' },
    only: { type: 'string', default: 'pack,batch,fetch,init' },
  },
});
const seed = Number(options.seed ?? randomInt(2 ** 31));
const random = randomNumbers(seed);
console.log(`seed ${seed}`);

const root = await makeTemporaryFolder({ purpose: 'kills' });
const scenarios = (await makeScenarios(root)).filter(({ name }) => options.only.split(',').includes(name));
const counts = { kills: 0, bad: 0 };
try {
  const known = new Map<Scenario, Undisturbed>();
  for (const scenario of scenarios) {
    const whole = await runWhole(scenario, join(root, `${scenario.name}-whole`));
    console.log(`${scenario.name}: ${whole.renames} renames, ${whole.changes} changes`);
    known.set(scenario, whole);
    for (let number = 1; number <= whole.renames; number += 1) {
      await kill(scenario, whole, { kind: 'renames', number });
    }
  }
  while (counts.kills < Number(options.kills)) {
    const scenario = scenarios[counts.kills % scenarios.length]!;
    const whole = known.get(scenario)!;
    const kind = random() < 0.5 ? 'changes' : 'milliseconds';
    await kill(scenario, whole, { kind, number: 1 + Math.floor(random() * whole[kind]) });
  }
} finally {
  for (const { close } of scenarios) {
    await close?.();
  }
  rmSync(root, { recursive: true, force: true });
}
console.log(`${counts.kills} kills, ${counts.bad} of them left what they should not`);
process.exitCode = counts.bad === 0 ? 0 : 1;

async function kill(scenario: Scenario, { files }: Undisturbed, moment: Moment): Promise<void> {
  counts.kills += 1;
  const found = await killOnce(scenario, { dir: join(root, 'killed'), moment, expected: files });
  if (found.length > 0) {
    counts.bad += 1;
    console.log(`${scenario.name}, ${moment.kind} ${moment.number.toFixed(0)}: ${found.join('; ')}`);
  }
}
