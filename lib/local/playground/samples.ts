import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GOLDEN_FILE } from '../../contract/files.ts';
import { isObject } from '../../contract/is-object.ts';
import type { InputSpec, Manifest } from '../../contract/manifest.ts';
import type { Choice } from '../../contract/sample-records.ts';
import { closeShape } from '../../contract/signature.ts';
import { readSampleRecords } from '../samples.ts';
import { type TensorSample, toRecord } from './to-record.ts';

export interface Sample {
  name: string;
  /** Absent data means zeros, which the page fills in. */
  request: { inputs: TensorSample[] };
}

export interface RecordSample {
  name: string;
  record: unknown;
}

export interface PlaygroundSamples {
  /** Samples of the record tab; empty if no record is small enough for a form. */
  records: RecordSample[];
  tensors: Sample[];
  /** The known values of fields, by name. */
  choices: Record<string, Choice[]>;
}

/** Larger samples would make the page too large. */
const maxCharacters = 20_000;

/** A file in the project with a record as its score accepts it. */
const RECORD_FILE = 'record.json';

/**
 * Initial records and tensors: the record in the project's folder, the packed samples or the golden vector if they are
 * small, and zeros.
 */
export async function playgroundSamples(
  functionDir: string,
  manifest: Manifest,
  projectDir: string,
): Promise<PlaygroundSamples> {
  const golden = await readSmall(join(functionDir, dirname(manifest.model.path), GOLDEN_FILE));
  const own = await readSmall(join(projectDir, RECORD_FILE));
  const packed = await readSampleRecords(dirname(functionDir));
  const request = isObject(golden) ? (golden.request as Sample['request']) : undefined;
  const zeros = { inputs: manifest.signature.inputs.filter(spec => !spec.optional).map(zerosOf) };
  const made = (inputs: TensorSample[]) => toRecord(inputs, manifest);
  const ownRecord = Array.isArray(own) ? own[0] : own;
  // A score with its own field names does not accept the model's.
  const isTaken = (record: unknown) => ownRecord === undefined || keysOf(record) === keysOf(ownRecord);
  const records = [
    { name: RECORD_FILE, record: ownRecord },
    ...(packed?.origin === 'samples' ? [{ name: 'first sample', record: packed.samples[0]?.record }] : []),
    { name: 'golden vector', record: request && made(request.inputs) },
    { name: 'zeros', record: made(zeros.inputs) },
  ];
  return {
    records: records.filter(
      ({ record }) =>
        record !== undefined && isTaken(record) && JSON.stringify(record).length <= maxCharacters,
    ),
    tensors: [
      ...(request === undefined ? [] : [{ name: 'golden vector', request }]),
      { name: 'zeros', request: zeros },
    ],
    choices: packed?.choices ?? {},
  };
}

function keysOf(record: unknown): string {
  return isObject(record) ? Object.keys(record).sort().join('\n') : '';
}

/** `undefined` if the file does not exist, is not JSON, or is too large. */
async function readSmall(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8');
    return text.length <= 2 * maxCharacters ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Open dimensions have size 1. */
function zerosOf({ name, shape }: InputSpec) {
  return { name, shape: closeShape(shape ?? [-1], 1) };
}
