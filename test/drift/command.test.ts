import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';
import { folder, run } from '../cli/coldpress.ts';
import { firstDay, logOf, profile } from './churn.ts';

const cwd = folder('drift');
const since = ['--since', '2026-11-20'];
writeFileSync(join(cwd, 'profile.json'), JSON.stringify(profile));
writeFileSync(join(cwd, 'calm.jsonl'), logOf([{ rows: 300 }, { rows: 300 }]));
writeFileSync(join(cwd, 'drift.jsonl'), logOf([{ rows: 300 }, { rows: 500, shift: 0.6, unseen: 0.05 }]));
writeFileSync(join(cwd, 'empty.jsonl'), '');
writeFileSync(join(cwd, 'labels.csv'), 'record,truth\na,1\n');
writeFileSync(join(cwd, 'few.csv'), 'id,label\nnobody,1\n');

test('without drift it ends with 0', async () => {
  const { code, stdout, stderr } = await run(['drift', 'calm.jsonl', ...since], { cwd });
  expect(stderr).toBe('');
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^No drift\n600 rows of 2026-11-20 to 2026-11-21, /),
  ]);
});

test('drift is found where it is, the worst first, with 3', async () => {
  const args = ['drift', '-', ...since, '--json', '--html', 'drift.html'];
  const { code, stdout } = await run(args, { cwd, stdin: readFileSync(join(cwd, 'drift.jsonl'), 'utf8') });
  const { columns, evidence, threshold, drifted } = JSON.parse(stdout);
  const found = columns.filter((column: { drifted: boolean }) => column.drifted);
  expect(found.map(({ name }: { name: string }) => name).sort()).toEqual(['charges', 'plan <b>']);
  expect([code, drifted, evidence > threshold]).toEqual([3, true, true]);
  expect(columns[0].evidence).toBe(evidence);
  expect(readFileSync(join(cwd, 'drift.html'), 'utf8')).toContain('Drift in churn: 2 features');
});

test('the same log and seed print the same', async () => {
  const args = ['drift', 'drift.jsonl', ...since, '--json'];
  const [one, other] = [await run(args, { cwd }), await run(args, { cwd })];
  expect(one.stdout).toBe(other.stdout);
});

/** A model that is right in 9 of 10 cases, and later in 6. */
function results(share: (row: number) => number): { log: string; labels: string } {
  const random = seededRandom(4);
  const all = Array.from({ length: 1200 }, (_, row) => {
    const label = Number(random() < 0.5);
    const chance = random() < share(row) ? label * 0.8 + 0.1 : 0.9 - label * 0.8;
    const time = new Date(firstDay + row * 120_000).toISOString();
    return {
      id: `r${row}`,
      label,
      text: `${time} {"coldpress":"result","id":"r${row}","result":{"score":${chance}}}`,
    };
  });
  return {
    log: all.map(({ text }) => `${text}\n`).join(''),
    labels: `id,label\n${all.map(({ id, label }) => `${id},${label}\n`).join('')}`,
  };
}

test.each([
  ['a model that stays good', () => 0.9, false, 0],
  ['a model that the world left', (row: number) => (row < 600 ? 0.9 : 0.6), true, 3],
] as const)('%s', async (_, share, drifted, expected) => {
  const { log, labels } = results(share);
  writeFileSync(join(cwd, 'truth.csv'), labels);
  const stdin = readFileSync(join(cwd, 'calm.jsonl'), 'utf8') + log;
  const args = ['drift', '-', ...since, '--labels', 'truth.csv', '--json'];
  const { code, stdout, stderr } = await run(args, { cwd, stdin });
  expect(stderr).toBe('');
  const { performance } = JSON.parse(stdout);
  expect([code, performance.drifted, performance.rows]).toEqual([expected, drifted, 1200]);
  expect(performance.days.length).toBe(2);
  const { accuracy, areaUnderCurve, brierScore, logLoss, calibrationError } = performance.overall;
  for (const { value, low, high } of [accuracy, areaUnderCurve, brierScore, logLoss, calibrationError]) {
    expect(low <= value && value <= high).toBe(true);
  }
  expect(accuracy.value).toBeCloseTo(drifted ? 0.75 : 0.9, 1);
});

const refusals: [args: string, says: RegExp][] = [
  ['empty.jsonl', /^DRIFT_NO_COUNTS: the log is empty/],
  ['calm.jsonl --since 2026-11-27', /^DRIFT_NO_COUNTS: .*\n.*outside/],
  ['nothing.jsonl', /^FILE_UNREADABLE: cannot read nothing.jsonl/],
  ['calm.jsonl --profile no.json', /^PROFILE_MISSING: /],
  ['calm.jsonl --profile calm.jsonl', /^PROFILE_INVALID: /],
  ['calm.jsonl --since never', /^OPTION_INVALID: --since is never/],
  ['calm.jsonl --since 1d --until 2d', /^OPTION_CONFLICT: /],
  ['calm.jsonl --alpha 0.9', /^OPTION_INVALID: --alpha/],
  ['calm.jsonl --looks 0', /^OPTION_INVALID: --looks/],
  ['calm.jsonl --since 2026-11-20 --from-version 3', /^DRIFT_VERSION: /],
  ['calm.jsonl --labels labels.csv', /^LABELS_INVALID: .*record, truth/],
  ['calm.jsonl --since 2026-11-20 --labels few.csv', /^LABELS_UNMATCHED: none of 1 labels/],
  ['calm.jsonl --since 2026-11-20 --html no/such/folder.html', /^REPORT_UNWRITABLE: /],
];

test.each(refusals)('drift %s is refused', async (args, says) => {
  const { code, stderr, stdout } = await run(['drift', ...args.split(' ')], { cwd });
  expect(stderr).toMatch(says);
  expect([code, stdout]).toEqual([2, '']);
});
