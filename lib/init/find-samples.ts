import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { toCsvCell } from '../contract/csv-cell.ts';
import type { Signature } from '../contract/manifest.ts';
import type { SampleRecord } from '../contract/sample-records.ts';
import { ColdpressError } from '../errors.ts';
import { tableRecords } from '../model/samples/records.ts';
import { readSampleTable } from '../model/samples/samples.ts';
import { readTable, withModelNames } from '../model/samples/table.ts';
import type { Table } from '../model/samples/types.ts';
import { featureColumns } from './feature-columns.ts';

/** Real rows for the model, from a file next to it. */
export interface FoundSamples {
  /** The file, relative to the project's folder, with forward slashes. */
  path: string;
  records: SampleRecord[];
  /** Names of the columns of the only input. */
  features?: string[] | undefined;
  /** The text of the file if it must be written: the first rows of the data set `source`. */
  text?: string;
  source?: string;
}

const isSamples = /^samples\.(csv|jsonl|ndjson|npz|parquet)$/i;
const isData = /\.(csv|jsonl|ndjson|parquet)$/i;
/** The number that docs/samples.md recommends. */
const sampleRows = 100;

/**
 * Finds samples of the model: a samples file next to it or in the project's folder, or a data set whose columns include
 * the model's features.
 * @param onSkip - receives the reason why a samples file is not used
 */
export async function findSamples(
  { cwd, modelPath }: { cwd: string; modelPath: string },
  model: { signature: Signature; features: string[] | undefined },
  onSkip: (note: string) => void,
): Promise<FoundSamples | undefined> {
  const dirs = [...new Set([cwd, dirname(modelPath)])];
  const files = (await Promise.all(dirs.map(listFiles))).flat().filter(path => path !== modelPath);
  const place = (path: string) => relative(cwd, path).split(sep).join('/');
  for (const path of files.filter(file => isSamples.test(basename(file)))) {
    try {
      const table = await readSampleTable(path);
      const { features = model.features } = readTable(table, model.signature);
      const records = tableRecords(table, { signature: model.signature, ...(features && { features }) });
      return { path: place(path), records, features };
    } catch (error) {
      onSkip(`${place(path)} is not used: ${reasonOf(error)}`);
    }
  }
  for (const path of files.filter(file => isData.test(file) && !isSamples.test(basename(file)))) {
    const found = await readData(path, model).catch(() => undefined);
    if (found !== undefined) {
      const { table, features } = found;
      const records = tableRecords(table, { signature: model.signature, ...(features && { features }) });
      return { path: 'samples.csv', records, features, text: toCsv(table), source: place(path) };
    }
  }
  return undefined;
}

async function listFiles(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  return names.sort().map(name => join(dir, name));
}

/** The first rows of a data set, only the model's columns: its labels are real outcomes, not the model's answers. */
async function readData(path: string, model: { signature: Signature; features: string[] | undefined }) {
  const { signature, features: known } = model;
  const whole = withModelNames(await readSampleTable(path, sampleRows), {
    signature,
    ...(known && { features: known }),
  });
  const names = featureColumns([...whole.columns.keys()], model);
  if (names === undefined) {
    return undefined;
  }
  const rows = Math.min(sampleRows, whole.rows);
  const columns = new Map(names.map(name => [name, whole.columns.get(name)!.slice(0, rows)]));
  const table: Table = { path, rows, firstRow: 0, columns };
  const { features = model.features } = readTable(table, model.signature);
  const isFlat = [...columns.values()].every(values => values.every(value => typeof value !== 'object'));
  return isFlat ? { table, features } : undefined;
}

function toCsv({ rows, columns }: Table): string {
  const lines = Array.from({ length: rows }, (_, row) => [...columns.values()].map(values => values[row]));
  return [[...columns.keys()], ...lines].map(cells => `${cells.map(toCell).join(',')}\n`).join('');
}

function toCell(value: unknown): string {
  return toCsvCell(value === undefined ? '' : String(value));
}

function reasonOf(error: unknown): string {
  if (error instanceof ColdpressError) {
    return error.message;
  }
  throw error;
}
