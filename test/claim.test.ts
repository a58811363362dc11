import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claim, tryClaim } from '../lib/claim.ts';
import { ownerMark } from '../lib/owner.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'coldpress-claim-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A number that no process has. */
const dead = 2 ** 22 + 1;
const place = ownerMark.split('-')[0];
const deadClaim = `/coldpress/${place}-${dead}-00000000-0000-4000-8000-000000000000`;

test('one of many has it, and the next after it was given up', async () => {
  const path = join(dir, 'claim');
  const tries = await Promise.all(Array.from({ length: 20 }, () => tryClaim(path)));
  const held = tries.filter(one => 'release' in one);
  expect(held).toHaveLength(1);
  expect(tries.filter(one => !('release' in one))).toContainEqual({ heldBy: process.pid });
  await held[0]!.release();
  expect(await tryClaim(path)).toHaveProperty('release');
});

test('many who wait have it one after another', async () => {
  let holders = 0;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const claimed = await claim(join(dir, 'claim'));
      holders += 1;
      expect(holders).toBe(1);
      await new Promise(resolve => setTimeout(resolve, 5));
      holders -= 1;
      await claimed.release();
    }),
  );
  expect(readdirSync(dir)).toEqual([]);
});

test('that of a process which ended is taken over, by one alone, and leaves nothing', async () => {
  const path = join(dir, 'claim');
  for (let round = 0; round < 10; round += 1) {
    symlinkSync(deadClaim, path, 'junction');
    const tries = await Promise.all(Array.from({ length: 10 }, () => tryClaim(path)));
    const held = tries.filter(one => 'release' in one);
    expect(held).toHaveLength(1);
    await held[0]!.release();
    expect(readdirSync(dir)).toEqual([]);
  }
});

test('that of another machine is held until nobody refreshes it', async () => {
  const path = join(dir, 'claim');
  symlinkSync(`/coldpress/00000000-${dead}-00000000-0000-4000-8000-000000000000`, path, 'junction');
  expect(await tryClaim(path)).toEqual({ heldBy: dead });
});
