import { createHash } from 'node:crypto';
import type { CountedTensor } from '../../contract/column-counter.ts';
import type { PressedManifest } from '../../contract/manifest.ts';
import { type Column, LEAST_ROWS, PROFILE_VERSION, type Profile } from '../../contract/profile.ts';
import { counted } from '../../counted.ts';
import { ColdpressError } from '../../errors.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { OpenEngine } from '../press/open-engine.ts';
import { elementCount } from '../press/tensors.ts';
import { answerSamples } from '../samples/check.ts';
import { readTables } from '../samples/read-tables.ts';
import { readTable, withModelNames } from '../samples/table.ts';
import type { Samples, Table } from '../samples/types.ts';
import { type ChosenColumns, chooseColumns } from './choose-columns.ts';
import { type ColumnBuilder, columnBuilder } from './column-builder.ts';
import { referenceCounter } from './count-reference.ts';
import { mostElements, placeColumns } from './place-columns.ts';
import { profileOutputs } from './profile-outputs.ts';
import { targetProfiler } from './profile-target.ts';
import { rowSample } from './row-sample.ts';

export interface ProfileOptions {
  /** The model, already open. */
  engine: OpenEngine;
  manifest: Pick<PressedManifest, 'name' | 'signature' | 'rows' | 'features' | 'model'>;
  /** The column of the data that the model predicts. @default none */
  target?: string | undefined;
  onProgress?: ((step: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A profile, and the columns of the data that it does not contain. */
export interface ProfiledData {
  profile: Profile;
  ignored: string[];
}

/** Fewer rows do not form a distribution. */
export const fewestRows = 5 * LEAST_ROWS;

const rowsAtOnce = 1000;

/** Maximum rows run through the model to profile its outputs: in batches, or one by one. */
const mostAnswers = { together: 10_000, alone: 1000 };

/**
 * Profiles a file of reference data by reading it twice: first for ranges, categories and a sample of rows, from which
 * the bins are made; then to count. Memory use does not grow with the number of rows, except for NPZ files.
 * @throws ColdpressError PROFILE_COLUMNS, PROFILE_DATA, PROFILE_ROWS; SAMPLES_MISSING, SAMPLES_FORMAT; engine errors
 */
export async function profileData(
  path: string,
  { engine, manifest, target, onProgress = () => {}, signal }: ProfileOptions,
): Promise<ProfiledData> {
  const { signature, rows: shared } = manifest;
  const labels = target === undefined ? undefined : targetProfiler(target);
  const sample = rowSample();
  let builders: ColumnBuilder[] | undefined;
  let chosen: ChosenColumns | undefined;
  let tensorsOf: ((samples: Pick<Samples, 'inputs'>) => Map<string, CountedTensor>) | undefined;
  let tensorNames: string[] = [];
  let rows = 0;

  const parts = async function* (step: string) {
    let done = 0;
    for await (const given of readTables(path, rowsAtOnce)) {
      const table = withModelNames(given, manifest);
      signal?.throwIfAborted();
      chosen ??= chooseColumns(table, manifest, target);
      yield { table, samples: toTensors(table, chosen, manifest) };
      done += table.rows;
      onProgress(`${step}: ${done.toLocaleString('en')} rows`);
    }
  };

  for await (const { table, samples } of parts('reading the data')) {
    if (builders === undefined) {
      const placed = placeInputs(samples, manifest);
      tensorNames = placed.map(({ tensor }) => tensor);
      const categorical = new Set(
        manifest.signature.inputs.filter(({ category }) => category).map(({ name }) => name),
      );
      builders = placed.map(column => columnBuilder(column, categorical.has(column.tensor)));
      tensorsOf = inputTensors(manifest, samples.inputs);
    }
    const tensors = tensorsOf!(samples);
    for (const [index, builder] of builders.entries()) {
      builder.look(tensors.get(tensorNames[index]!)!);
    }
    labels?.look(table.columns.get(target!)!);
    sample.add(samples);
    rows += table.rows;
  }
  if (rows < fewestRows) {
    throw new ColdpressError(
      'PROFILE_ROWS',
      `${path} has ${counted(rows, 'row')}, too few for distributions`,
      {
        hint: `at least ${fewestRows}; better all of the training data`,
      },
    );
  }
  const kept = sample.rows();
  const features = builders!.map((builder, index) =>
    builder.build([tensorsOf!(kept).get(tensorNames[index]!)!]),
  );
  const counter = referenceCounter(features);
  for await (const { table, samples } of parts('counting')) {
    counter.count(tensorsOf!(samples));
    labels?.count(table.columns.get(target!)!);
  }

  onProgress('running the model');
  const most = shared.independent ? mostAnswers.together : mostAnswers.alone;
  const some = { ...firstRows(kept, most), expected: [] };
  const answers = await answerSamples(engine, some, manifest);
  return {
    ignored: chosen!.ignored,
    profile: identified({
      version: PROFILE_VERSION,
      model: { name: manifest.name, sha256: manifest.model.sha256 },
      rows,
      features: counter.columns(),
      outputs: profileOutputs(
        signature,
        answers.map(({ outputs }) => outputs),
      ),
      ...(labels && { target: labels.column() }),
    }),
  };
}

/** @throws ColdpressError PROFILE_DATA */
function toTensors(
  table: Table,
  { names }: ChosenColumns,
  { signature }: ProfileOptions['manifest'],
): Samples {
  const columns = new Map(names.map(name => [name, table.columns.get(name)!]));
  try {
    return readTable({ ...table, columns }, signature);
  } catch (error) {
    throw error instanceof ColdpressError
      ? new ColdpressError('PROFILE_DATA', error.message, {
          hint: 'the data must have the types that the model expects; see docs/values.md',
          cause: error,
        })
      : error;
  }
}

/** @throws ColdpressError PROFILE_COLUMNS */
function placeInputs({ inputs, features }: Samples, { signature }: ProfileOptions['manifest']) {
  return signature.inputs.flatMap((spec, index) => {
    const size = elementCount(inputs[index]!.dims.slice(1));
    const names = signature.inputs.length === 1 ? features : undefined;
    const placed = placeColumns(spec, size, names);
    if (placed === undefined) {
      throw new ColdpressError(
        'PROFILE_COLUMNS',
        `input "${spec.name}" has ${size} columns of text, more than a profile has (${mostElements})`,
        { hint: 'profile fewer columns of text' },
      );
    }
    return placed;
  });
}

/** Samples count rows along the first axis of every input. @throws ColdpressError PROFILE_DATA */
function inputTensors({ signature }: ProfileOptions['manifest'], first: readonly ProbeTensor[]) {
  const sizes = first.map(({ dims }) => elementCount(dims.slice(1)));
  return ({ inputs }: Pick<Samples, 'inputs'>) =>
    new Map(
      inputs.map(({ data, dims }, index): [string, CountedTensor] => {
        const { name } = signature.inputs[index]!;
        if (elementCount(dims.slice(1)) !== sizes[index]) {
          throw new ColdpressError('PROFILE_DATA', `rows of "${name}" differ in shape`, {
            hint: 'all rows of the data have one shape',
          });
        }
        return [name, { data, dims, rowAxis: 0 }];
      }),
    );
}

function firstRows({ rows, inputs }: Pick<Samples, 'rows' | 'inputs'>, most: number) {
  const count = Math.min(rows, most);
  return {
    rows: count,
    inputs: inputs.map(tensor => ({
      ...tensor,
      dims: [count, ...tensor.dims.slice(1)],
      data: tensor.data.slice(0, count * elementCount(tensor.dims.slice(1))),
    })),
  };
}

function identified(profile: Omit<Profile, 'id'>): Profile {
  const { version, ...rest } = profile;
  const id = createHash('sha256').update(JSON.stringify(profile)).digest('hex').slice(0, 12);
  return { version, id, ...rest };
}

/** Names of columns that drift cannot be seen in, or only in part, for the user to check. */
export interface UnusualColumns {
  constant: string[];
  missing: string[];
  /** Text without a category that is frequent enough to be stored, such as an identifier. */
  unwatched: string[];
  /** Text with most of its rows in categories that are not stored. */
  scattered: string[];
}

export function unusualColumns({ features }: Pick<Profile, 'features'>): UnusualColumns {
  const isMissing = ({ rows, missing }: Column) => rows === missing;
  const isConstant = (column: Column) =>
    column.kind === 'number'
      ? column.range !== null && column.range[0] === column.range[1]
      : column.categories.length === 1 && column.other === 0;
  const isUnwatched = (column: Column) =>
    column.kind === 'category' && column.categories.length === 0 && !isMissing(column);
  const isScattered = (column: Column) =>
    column.kind === 'category' && !isUnwatched(column) && 2 * column.other > column.rows - column.missing;
  const namesOf = (is: (column: Column) => boolean) => features.filter(is).map(({ name }) => name);
  return {
    constant: namesOf(isConstant),
    missing: namesOf(isMissing),
    unwatched: namesOf(isUnwatched),
    scattered: namesOf(isScattered),
  };
}
