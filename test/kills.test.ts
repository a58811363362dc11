import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killOnce, runWhole } from '../bench/kills/kill.ts';
import { makeScenarios, type Scenario } from '../bench/kills/scenarios.ts';

// bench/kills.ts kills more often, and at random moments, too.
const root = mkdtempSync(join(tmpdir(), 'coldpress-kills-'));
let scenarios: Scenario[] = [];

beforeAll(async () => {
  scenarios = await makeScenarios(root);
}, 120_000);

afterAll(async () => {
  for (const { close } of scenarios) {
    await close?.();
  }
  rmSync(root, { recursive: true, force: true });
});

// Windows ends a process by other means.
test.skipIf(process.platform === 'win32').each(['pack', 'batch', 'fetch', 'init'])(
  'a kill of %s after any rename leaves old or new, and the next run leaves new and nothing else',
  async name => {
    const scenario = scenarios.find(one => one.name === name)!;
    const { renames, files } = await runWhole(scenario, join(root, `${name}-whole`));
    expect(renames).toBeGreaterThan(0);
    const found: string[] = [];
    for (let number = 1; number <= renames; number += 1) {
      const moment = { kind: 'renames', number } as const;
      const problems = await killOnce(scenario, { dir: join(root, 'killed'), moment, expected: files });
      found.push(...problems.map(problem => `rename ${number}: ${problem}`));
    }
    expect(found).toEqual([]);
  },
  240_000,
);
