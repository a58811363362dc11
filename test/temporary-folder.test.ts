import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ownerMark } from '../lib/owner.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { writeWhole } from '../lib/write-whole.ts';

const parent = mkdtempSync(join(tmpdir(), 'coldpress-temporary-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const place = ownerMark.split('-')[0];
const dead = 2 ** 22 + 1;
/** Only there a process is told from an earlier one of the same number. */
const reuses = process.platform === 'linux';

test('what processes that ended left is removed, and nothing else', async () => {
  const kept = [
    `coldpress-pack-${ownerMark}-AbCdEf`,
    `coldpress-pack-${place}-${process.ppid}-AbCdEf`,
    ...(reuses ? [] : [`coldpress-pack-${place}-${process.ppid}.1-AbCdEf`]),
    `coldpress-pack-00000000-${dead}-AbCdEf`,
    `other-pack-${place}-${dead}-AbCdEf`,
    'coldpress-of-somebody',
  ];
  const abandoned = [
    `coldpress-pack-${place}-${dead}-AbCdEf`,
    `coldpress-pack-${place}-${dead}.77-AbCdEf`,
    // The number of a process that ended is another's now.
    ...(reuses ? [`coldpress-pack-${place}-${process.ppid}.1-AbCdEf`] : []),
  ];
  for (const name of [...kept, ...abandoned]) {
    mkdirSync(join(parent, name, 'inside'), { recursive: true });
  }
  const made = await makeTemporaryFolder({ purpose: 'test', parent });
  expect(
    readdirSync(parent)
      .map(name => join(parent, name))
      .sort(),
  ).toEqual([...kept.map(name => join(parent, name)), made].sort());
});

test('a file is written whole, over the beginning that a process which ended left', async () => {
  const dir = await makeTemporaryFolder({ purpose: 'whole', parent });
  writeFileSync(join(dir, `.page.html.${place}-${dead}-partial`), 'half');
  writeFileSync(join(dir, '.page.html.other'), 'kept');
  await writeWhole(join(dir, 'page.html'), 'one');
  await writeWhole(join(dir, 'page.html'), 'two');
  expect(readdirSync(dir).sort()).toEqual(['.page.html.other', 'page.html']);
});
