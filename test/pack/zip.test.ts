import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openPromise } from 'yauzl';
import { writeZip } from '../../lib/pack/zip.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'coldpress-zip-'));
const MODULE = fileURLToPath(new URL('../../lib/pack/zip.ts', import.meta.url));

/** The same three files, made anew; zipped by a process of its own, for zone and umask belong to the process. */
function zipElsewhere({ zone, umask, order }: { zone: string; umask: number; order: string[] }): Buffer {
  const dir = temporary();
  for (const [index, name] of order.entries()) {
    writeFileSync(join(dir, name), name.repeat(10_000));
    chmodSync(join(dir, name), index === 0 ? 0o755 : 0o600);
    utimesSync(join(dir, name), index * 1e9, index * 1e9);
  }
  const files = [
    ...order.map(name => ({ path: `in/${name}`, source: join(dir, name) })),
    { path: 'c', contents: 'é' },
  ];
  const script = `
    process.umask(${umask});
    const { writeZip } = await import(${JSON.stringify(MODULE)});
    await writeZip(${JSON.stringify(files)}, ${JSON.stringify(join(dir, 'out.zip'))});`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TZ: zone },
  });
  return readFileSync(join(dir, 'out.zip'));
}

test('the same bytes in any zone, under any umask, whatever the order, modes and dates of the files', () => {
  const first = zipElsewhere({ zone: 'UTC', umask: 0o022, order: ['a', 'b', 'Z'] });
  expect(zipElsewhere({ zone: 'America/Los_Angeles', umask: 0o077, order: ['Z', 'b', 'a'] })).toEqual(first);
  expect(zipElsewhere({ zone: 'Pacific/Kiritimati', umask: 0, order: ['b', 'a', 'Z'] })).toEqual(first);
});

test('no zone skips the hour that every entry bears', () => {
  const { TZ } = process.env;
  const dates = Intl.supportedValuesOf('timeZone').map(zone => {
    process.env.TZ = zone;
    return new Date(1980, 0, 1).toTimeString().slice(0, 8);
  });
  if (TZ === undefined) {
    delete process.env.TZ;
  } else {
    process.env.TZ = TZ;
  }
  expect(new Set(dates)).toEqual(new Set(['00:00:00']));
});

test('unzips to what went in', async () => {
  const dir = temporary();
  writeFileSync(join(dir, 'weights'), Buffer.alloc(3_000_000, 'ab'));
  const out = join(dir, 'out.zip');
  await writeZip(
    [
      { path: 'model/weights', source: join(dir, 'weights') },
      { path: 'coldpress.json', contents: '{"é":1}' },
      { path: 'empty', contents: new Uint8Array() },
    ],
    out,
  );
  const zip = await openPromise(out);
  const seen: Record<string, unknown> = {};
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      chunks.push(chunk as Buffer);
    }
    seen[entry.fileName] = {
      text: Buffer.concat(chunks).toString(),
      mode: (entry.externalFileAttributes >>> 16).toString(8),
      extra: entry.extraFields.length,
    };
  }
  const file = { mode: '100644', extra: 0 };
  expect(Object.entries(seen)).toEqual([
    ['coldpress.json', { ...file, text: '{"é":1}' }],
    ['empty', { ...file, text: '' }],
    ['model/weights', { ...file, text: 'ab'.repeat(1_500_000) }],
  ]);
});

test('leaves nothing behind where a file cannot be read or the folder is missing', async () => {
  const dir = temporary();
  const missing = [
    { path: 'a', source: join(dir, 'none') },
    { path: 'b', contents: 'b' },
  ];
  await expect(writeZip(missing, join(dir, 'out.zip'))).rejects.toThrow(/ENOENT.*none/);
  await expect(writeZip([], join(dir, 'no', 'out.zip'))).rejects.toThrow(/ENOENT/);
  expect(readdirSync(dir)).toEqual([]);
});
