import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ColdpressError } from '../../lib/errors.ts';
import { inspectModel, type ModelReport } from '../../lib/model/inspect.ts';

const archive = fileURLToPath(new URL('../../../shared/corpus/corpus.tar.gz', import.meta.url));

interface Case {
  path: string;
  matches?: boolean | null;
  expect?: 'refuse' | 'ok' | 'any' | 'bounded' | 'no-crash' | 'leak-must-not';
}

/** Bad cases that only running them shows to be bad. */
const ONLY_WHEN_RUN = /^bad\/(bomb__|tree__|structure__missing_attr|initializer__sparse_oob)/;

describe.skipIf(!existsSync(archive))('public models and non-models', () => {
  const results = new Map<string, { case: Case; report?: ModelReport; error?: unknown }>();

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'coldpress-corpus-'));
    execFileSync('tar', ['-xSzf', archive, '-C', folder]);
    const cases: Case[] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    for (const one of cases) {
      const model = join(folder, one.path, 'model.ort');
      const outcome = await inspectModel(existsSync(model) ? model : join(folder, one.path, 'model.onnx'), {
        open: false,
      }).then(
        report => ({ report }),
        error => ({ error }),
      );
      results.set(one.path, { case: one, ...outcome });
    }
  });

  const paths = (keep: (result: NonNullable<ReturnType<typeof results.get>>) => boolean) =>
    [...results.values()].filter(keep).map(result => result.case.path);

  test('nothing but a ColdpressError is thrown', () => {
    expect(paths(({ error }) => error !== undefined && !(error instanceof ColdpressError))).toEqual([]);
  });

  test('whatever ONNX Runtime answers rightly can be packed', () => {
    expect(
      paths(({ case: { matches }, report }) => matches === true && report?.obstacles.length !== 0),
    ).toEqual([]);
  });

  test('what must be refused is refused, save what only running it shows', () => {
    const taken = paths(
      ({ case: { expect }, report }) => expect === 'refuse' && report?.obstacles.length === 0,
    );
    expect(taken.filter(path => !ONLY_WHEN_RUN.test(path))).toEqual([]);
    expect(
      paths(({ case: { expect }, report }) => expect === 'ok' && report?.obstacles.length !== 0),
    ).toEqual([]);
  });

  test('what a rewrite wins', () => {
    const wins: Record<string, number> = {};
    for (const { report } of results.values()) {
      // The engine, which is not asked here, knows the types that a model does not declare.
      if (report?.obstacles.every(({ code }) => code === 'OUTPUT_UNTYPED')) {
        for (const { name } of report.rewrites) {
          wins[name] = (wins[name] ?? 0) + 1;
        }
      }
    }
    expect(wins).toEqual({
      'edge-casts': 22,
      'engine-names': 3,
      'float4-inputs': 3,
      'implicit-opset': 1,
      'integer-division': 4,
      'kernel-faults': 7,
      'preview-opset': 5,
      'requested-sizes': 15,
      'string-normalizer-locale': 5,
      'zip-map': 10,
    });
  });
});
