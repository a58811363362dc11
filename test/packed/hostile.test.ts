import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attack } from '../../bench/hostile/attack.ts';
import { hostileModels } from '../../bench/hostile/models.ts';
import { attackGcf, attackLambda } from '../../bench/hostile/target.ts';
import { randomNumbers } from '../../bench/models/random.ts';
import { pack } from '../../lib/pack/pack.ts';
import { makeScratch } from './pack-example.ts';

// bench/hostile.ts makes 100,000 requests to 40 models, and measures memory and the event loop, too.

const scratch = makeScratch();
const attackers = { 'aws-lambda': attackLambda, gcf: attackGcf } as const;

test.each([
  ['echo.onnx', 'gcf'],
  ['attention.onnx', 'aws-lambda'],
  ['churn.txt', 'gcf'],
  ['churn.txt', 'aws-lambda'],
] as const)('hostile requests to %s on %s: no process ends, and no answer is a 500', async (file, target) => {
  const { bytes, engine } = hostileModels().find(model => model.file === file)!;
  const [model, out] = [join(scratch, file), join(scratch, `${file}-${target}`)];
  writeFileSync(model, bytes);
  await pack({ cwd: scratch, env: process.env, target, engine, model, arch: 'x64', out });
  const fn = await attackers[target]({
    dir: out,
    scratch,
    random: randomNumbers(7),
    largeFirst: 0,
    largeShare: 0,
  });
  try {
    const { outcomes, faults } = await attack(fn, 250);
    expect(faults).toEqual({});
    expect(Object.values(outcomes).reduce((sum, times) => sum + times, 0)).toBe(250);
  } finally {
    await fn.close();
  }
});
