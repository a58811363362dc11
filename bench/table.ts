/**
 * `npm run bench`: measures the table of cold starts that coldpress promises; `bench/results/` contains the last
 * committed results. `node bench/table.ts [--samples N] [--only
 * gbm|resnet18|encoder|gcf|container|container-onnxruntime] [--out DIR]` `--draw` only draws the picture of the
 * existing results.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bench } from '../lib/bench/bench.ts';
import { openDrawing } from '../lib/bench/report/charts/draw.ts';
import { phasesChart } from '../lib/bench/report/charts/phases.ts';
import { formatSvg } from '../lib/bench/report/svg.ts';
import type { BenchResult } from '../lib/bench/result.ts';
import { hostOf } from '../lib/local/host.ts';
import { type Built, buildModel, cases, packCase } from './table/cases.ts';
import { formatTable, type Row } from './table/markdown.ts';
import { findPython, measurePython } from './table/python.ts';

const { values: flags } = parseArgs({
  options: {
    samples: { type: 'string', default: '30' },
    only: { type: 'string' },
    draw: { type: 'boolean', default: false },
    out: { type: 'string', default: join(import.meta.dirname, 'results') },
  },
});
const scratch = resolve('build/bench');
/** More pairs than these would not be legible. */
const pictured = ['gbm', 'resnet18', 'encoder', 'gcf'];
const step = (text: string) => console.error(text);
const built = new Map<string, Built>();

if (flags.draw) {
  await writePicture(await readRows());
  process.exit();
}
const rows: Row[] = [];

for (const one of cases.filter(({ name }) => flags.only === undefined || name === flags.only)) {
  const { name, disk } = one;
  const artifacts = ['cold', 'default'].map(tuning => join(scratch, name, `packed-${tuning}`));
  if (!built.has(name)) {
    step(`packing ${name}`);
    for (const [index, tune] of (['cold', undefined] as const).entries()) {
      const cwd = join(scratch, name, tune ?? 'default');
      built.set(name, await buildModel(name, cwd));
      await packCase(built.get(name)!, { cwd, out: artifacts[index]!, ...(tune && { tune }) });
    }
  }
  const { model, event } = built.get(name)!;
  const result = await bench(artifacts, {
    host: hostOf(process),
    ...{ event, model, samples: Number(flags.samples), coldDisk: disk === 'cold' },
    baselines: ['naive', 'hello'],
    onProgress: text => step(`${name}, ${disk} disk: ${text}`),
  });
  rows.push({ case: one, result: named(result, one.title, disk) });
}

const python = built.has('gbm') ? findPython(process.env) : undefined;
const pythonRow =
  python &&
  (await measurePython(python, {
    ...built.get('gbm')!,
    ...{ artifact: join(scratch, 'gbm', 'packed-cold'), samples: Number(flags.samples) },
  }));
const table = formatTable(rows, pythonRow);
await mkdir(flags.out, { recursive: true });
for (const { case: one, result } of rows) {
  const file = join(flags.out, `${one.name}-${one.disk}.json`);
  await writeFile(file, `${JSON.stringify(result, microseconds)}\n`);
}
await writeFile(join(flags.out, 'table.md'), table);
await writePicture(rows);
console.log(table);

/** Replaces this machine's paths with the names of variants in the table. */
function named(result: BenchResult, title: string, disk: string): BenchResult {
  step(`${title}, ${disk} disk: done`);
  const names = new Map(
    result.variants.map(({ name, kind }) => [name, kind === 'artifact' ? nameArtifact(name) : name]),
  );
  const rename = <T extends { name: string }>(list: T[]) =>
    list.map(item => ({ ...item, name: names.get(item.name)! }));
  const about = <T extends { variant?: string }>(list: T[]) =>
    list.map(item => (item.variant === undefined ? item : { ...item, variant: names.get(item.variant)! }));
  return {
    ...result,
    variants: rename(result.variants),
    summaries: rename(result.summaries),
    costs: rename(result.costs),
    notes: about(result.notes),
    warnings: about(result.warnings),
  };
}

function nameArtifact(dir: string): string {
  return dir.endsWith('cold') ? 'coldpress --tune cold' : 'coldpress';
}

async function readRows(): Promise<Row[]> {
  const files = cases.map(one => ({ one, file: join(flags.out, `${one.name}-${one.disk}.json`) }));
  const there = files.filter(({ file }) => existsSync(file));
  return Promise.all(
    there.map(async ({ one, file }) => ({ case: one, result: JSON.parse(await readFile(file, 'utf8')) })),
  );
}

async function writePicture(all: readonly Row[]): Promise<void> {
  const shown = all.filter(({ case: { disk, name } }) => disk === 'warm' && pictured.includes(name));
  if (shown.length > 0) {
    const chart = phasesChart(together(shown), await openDrawing(), { inWords: true });
    await writeFile(join(flags.out, 'table.svg'), formatSvg(shown[0]!.result, chart));
  }
}

/** Combines naive and the tuned artifact of every row in one chart. */
function together(all: readonly Row[]): BenchResult {
  const summaries = all.flatMap(({ case: { title }, result }) =>
    result.summaries
      .filter(({ name }) => name === 'naive' || name === 'coldpress --tune cold')
      .map(summary => ({ ...summary, name: `${title}: ${summary.name.split(' ')[0]}` })),
  );
  return { ...all[0]!.result, summaries };
}

/** No clock here has a finer resolution. */
function microseconds(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e3) / 1e3 : value;
}
