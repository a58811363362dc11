import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkLock } from '../../lib/doctor/checks/lock.ts';
import { diagnose } from '../../lib/doctor/diagnose.ts';
import { onnxruntimeVersion } from '../../lib/native/onnxruntime.ts';
import { loadEsbuild } from '../../lib/vendored.ts';
import { version } from '../../lib/version.ts';
import { emptyFolder, tinyArtifact } from '../local/tiny-artifact.ts';

const model = 'a'.repeat(64);
const entry = {
  coldpress: version,
  onnxruntime: onnxruntimeVersion(),
  esbuild: loadEsbuild().version,
  node: '22',
  model,
  options: { runtime: 'nodejs22.x' },
  packages: {},
};
const name = 'tiny aws-lambda/arm64';

async function project(changes: object = {}): Promise<string> {
  const dir = await emptyFolder();
  const lock = { packed: { [name]: { ...entry, ...changes } } };
  writeFileSync(join(dir, 'coldpress.lock.json'), JSON.stringify(lock));
  return dir;
}

const early = new Date('2026-06-01');

test.each<[what: string, changes: object, today: Date, findings: object[]]>([
  ['nothing', {}, early, []],
  ['another coldpress', { coldpress: '0.0.1' }, early, [{ id: 'lock-drift', evidence: /coldpress 0\.0\.1/ }]],
  ['another ONNX Runtime', { onnxruntime: '1.0.0' }, early, [{ id: 'lock-drift', evidence: /1\.0\.0/ }]],
  ['another esbuild', { esbuild: '0.1.0' }, early, [{ id: 'lock-drift', evidence: /esbuild 0\.1\.0/ }]],
  ['91 days to the end of the runtime', {}, new Date('2027-01-29'), []],
  [
    '90 days to it',
    {},
    new Date('2027-01-30'),
    [{ id: 'runtime-ends-soon', cause: /2027-04-30, in 90 days/ }],
  ],
  ['the end of it', {}, new Date('2027-05-01'), [{ id: 'deprecated-runtime', cause: /2027-04-30/ }]],
])('%s', async (_, changes, today, findings) => {
  const found = await checkLock(await project(changes), [], today);
  expect(found).toMatchObject(
    findings.map(finding =>
      Object.fromEntries(
        Object.entries(finding).map(([key, value]) => [
          key,
          value instanceof RegExp ? expect.stringMatching(value) : value,
        ]),
      ),
    ),
  );
});

test('an artifact that is not what the lock describes', async () => {
  const packed = {
    architecture: 'arm64' as const,
    versions: { coldpress: version, node: '22', onnxruntime: '1.2.3' },
  };
  const artifact = await tinyArtifact('', {
    ...packed,
    model: { path: 'm', sha256: 'b'.repeat(64), sizeBytes: 0, passes: [], session: {} },
  });
  const found = await checkLock(await project(), [artifact], early);
  expect(found.map(({ evidence }) => evidence)).toEqual([
    expect.stringContaining('onnxruntime 1.2.3'),
    expect.stringContaining(`model ${'b'.repeat(64)}`),
  ]);
});

test('an artifact of another CPU is not that of the entry', async () => {
  const artifact = await tinyArtifact('', { architecture: 'x64' });
  expect(await checkLock(await project(), [artifact], early)).toEqual([]);
});

test('the command looks at the lock; a damaged one is named', async () => {
  const dir = await project({ esbuild: '0.1.0' });
  const { findings } = await diagnose('.', { cwd: dir, today: early });
  expect(findings.map(({ id }) => id)).toEqual(['lock-drift']);
  writeFileSync(join(dir, 'coldpress.lock.json'), '{');
  const damaged = await diagnose('.', { cwd: dir, today: early });
  expect(damaged.findings.map(({ id }) => id)).toEqual(['LOCK_INVALID']);
});
