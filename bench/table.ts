/**
 * `npm run bench`: measures the table of cold starts that coldpress promises, and writes its figures into the README;
 * `bench/results/` contains the last committed results. `node bench/table.ts [--samples N] [--only
 * gbm|forest|resnet18|encoder|gcf|container] [--out DIR]` `--draw` only writes table and picture of the existing
 * results.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bench } from '../lib/bench/bench.ts';
import type { BenchResult } from '../lib/bench/result.ts';
import { hostOf } from '../lib/local/host.ts';
import { type Built, buildModel, type Case, cases, packCase } from './table/cases.ts';
import { formatTable, type Row } from './table/markdown.ts';
import { describePicture, drawPicture } from './table/picture.ts';
import { findPython, measurePython, type PythonRow } from './table/python.ts';

const committed = join(import.meta.dirname, 'results');
const { values: flags } = parseArgs({
  options: {
    samples: { type: 'string', default: '30' },
    only: { type: 'string' },
    draw: { type: 'boolean', default: false },
    out: { type: 'string', default: committed },
  },
});
const scratch = resolve('build/bench');
const pythonFile = join(flags.out, 'python.json');
const step = (text: string) => console.error(text);
const built = new Map<string, Built>();
const measured: Row[] = [];

for (const one of flags.draw
  ? []
  : cases.filter(({ name }) => flags.only === undefined || name === flags.only)) {
  const { name, disk, packings } = one;
  const artifacts = packings.map((_, index) => join(scratch, name, `packed-${index}`));
  if (!built.has(name)) {
    step(`packing ${name}`);
    for (const [index, packing] of packings.entries()) {
      const cwd = join(scratch, name, String(index));
      built.set(name, await buildModel(name, cwd));
      await packCase(built.get(name)!, { cwd, out: artifacts[index]!, packing });
    }
  }
  const { model, event } = built.get(name)!;
  const result = await bench(artifacts, {
    host: hostOf(process),
    event,
    model,
    samples: Number(flags.samples),
    coldDisk: disk === 'cold',
    baselines: ['naive', 'hello'],
    onProgress: text => step(`${name}, ${disk} disk: ${text}`),
  });
  measured.push({ case: one, result: named(result, one) });
}

const python = built.has('gbm') ? findPython(process.env) : undefined;
const pythonRow =
  python &&
  (await measurePython(python, {
    ...built.get('gbm')!,
    artifact: join(scratch, 'gbm', 'packed-0'),
    samples: Number(flags.samples),
  }));
await mkdir(flags.out, { recursive: true });
for (const { case: one, result } of measured) {
  const file = join(flags.out, `${one.name}-${one.disk}.json`);
  await writeFile(file, `${JSON.stringify(result, microseconds)}\n`);
}
if (pythonRow !== undefined) {
  await writeFile(pythonFile, `${JSON.stringify(pythonRow, microseconds)}\n`);
}
const rows = await readRows();
const table = formatTable(rows, await readPython());
await writeFile(join(flags.out, 'table.md'), table);
await writeFile(join(flags.out, 'table.svg'), await drawPicture(rows));
if (flags.out === committed) {
  const readme = join(import.meta.dirname, '../README.md');
  await writeFile(readme, describePicture(await readFile(readme, 'utf8'), rows));
}
console.log(table);

/** Replaces this machine's paths with the names of variants in the table. */
function named(result: BenchResult, { title, disk, packings }: Case): BenchResult {
  step(`${title}, ${disk} disk: done`);
  const artifacts = result.variants.filter(({ kind }) => kind === 'artifact');
  const names = new Map(artifacts.map(({ name }, index) => [name, packings[index]!.name]));
  const rename = <T extends { name: string }>(list: T[]) =>
    list.map(item => ({ ...item, name: names.get(item.name) ?? item.name }));
  const about = <T extends { variant?: string }>(list: T[]) =>
    list.map(item =>
      item.variant === undefined ? item : { ...item, variant: names.get(item.variant) ?? item.variant },
    );
  return {
    ...result,
    variants: rename(result.variants),
    summaries: rename(result.summaries),
    costs: rename(result.costs),
    notes: about(result.notes),
    warnings: about(result.warnings),
  };
}

/** The results of all cases that were measured, now or earlier. */
async function readRows(): Promise<Row[]> {
  const files = cases.map(one => ({ one, file: join(flags.out, `${one.name}-${one.disk}.json`) }));
  const there = files.filter(({ file }) => existsSync(file));
  return Promise.all(
    there.map(async ({ one, file }) => ({ case: one, result: JSON.parse(await readFile(file, 'utf8')) })),
  );
}

async function readPython(): Promise<PythonRow | undefined> {
  return existsSync(pythonFile) ? JSON.parse(await readFile(pythonFile, 'utf8')) : undefined;
}

/** No clock here has a finer resolution. */
function microseconds(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e3) / 1e3 : value;
}
