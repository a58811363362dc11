import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { pack } from '../../lib/pack/pack.ts';
import { makeScratch } from './pack-example.ts';

/** Models that LightGBM and XGBoost saved, with what the libraries answered, through packed functions over HTTP. */

const archive = fileURLToPath(
  new URL('../../../shared/models-lightgbm-xgboost/models.tar.xz', import.meta.url),
);
/** What the libraries compute in: 64-bit floats, and 32-bit ones. */
const tolerances: Record<string, number> = { lightgbm: 1e-12, xgboost: 1e-6 };
const isMissing = (cell: string) => /^(na|n\/a|nan|null)?$/i.test(cell);

type Row = Record<string, string>;
interface Answer {
  label?: string | number;
  probability?: Record<string, number>;
  prediction?: number;
}

describe.skipIf(!existsSync(archive))('the given models', () => {
  const scratch = makeScratch();
  if (existsSync(archive)) {
    execFileSync('tar', ['-xJf', archive, '-C', scratch]);
  }
  const files = ['lightgbm', 'xgboost'].flatMap(library =>
    existsSync(join(scratch, library))
      ? readdirSync(join(scratch, library)).flatMap(name =>
          readdirSync(join(scratch, library, name))
            .filter(file => file.startsWith('model.'))
            .map(file => ({ library, name, file })),
        )
      : [],
  );

  test.each(files)('$library/$name/$file', async ({ library, name, file }) => {
    const dir = join(scratch, library, name);
    const out = join(scratch, 'build', `${name}-${file}`);
    await pack({ cwd: scratch, env: process.env, model: join(dir, file), out });
    const served = await serveArtifact(out, { host: hostOf(process), port: 0, env: {} });
    try {
      const rows: Row[] = parse(readFileSync(join(dir, 'input.csv')), { columns: true });
      const expected: Row[] = parse(readFileSync(join(dir, 'expected.csv')), { columns: true });
      const cleaned = rows.map(row =>
        Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, isMissing(cell) ? '' : cell])),
      );
      const answers: Answer[] = [];
      for (let start = 0; start < rows.length; start += 100) {
        const response = await fetch(`${served.url}/invocations`, {
          method: 'POST',
          headers: { 'content-type': 'text/csv' },
          body: csv(cleaned.slice(start, start + 100)),
        });
        const body = await response.json();
        expect({ status: response.status, body }).toMatchObject({ status: 200 });
        answers.push(...(body as Answer[]));
      }
      expect(answers).toHaveLength(expected.length);
      const worst = Math.max(...answers.map((answer, row) => difference(answer, expected[row]!)));
      expect(worst).toBeLessThanOrEqual(tolerances[library]!);
    } finally {
      await served.close();
    }
  });
});

/** The largest relative difference of an answer's numbers; infinite where the label is another. */
function difference({ label, probability, prediction }: Answer, expected: Row): number {
  if (prediction !== undefined) {
    return relative(prediction, Number(expected._target));
  }
  if (Number(label) !== Number(expected._target)) {
    return Number.POSITIVE_INFINITY;
  }
  return Math.max(
    ...Object.entries(probability!).map(([name, value]) =>
      relative(value, Number(expected[`probability(${name})`] ?? Number.NaN)),
    ),
  );
}

function relative(actual: number, wanted: number): number {
  return actual === wanted || Number.isNaN(wanted) ? 0 : Math.abs(actual - wanted) / Math.abs(wanted);
}

function csv(rows: Row[]): string {
  const lines = [Object.keys(rows[0]!), ...rows.map(row => Object.values(row))];
  return lines.map(cells => `${cells.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('');
}
