import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Datatype, Dimension, Signature } from '../../../lib/contract/manifest.ts';
import { type DeclaredTensor, declareRows } from '../../../lib/model/rows/declared.ts';
import { readSamples } from '../../../lib/model/samples/samples.ts';
import type { Samples } from '../../../lib/model/samples/types.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-samples-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let files = 0;

/** Reads samples of that content. */
export function read(ending: string, content: string | Uint8Array, signature: Signature): Promise<Samples> {
  files += 1;
  const path = join(scratch, `${files}${ending}`);
  writeFileSync(path, content);
  return readSamples(path, signature);
}

export function tensor(name: string, shape: Dimension[] | null, datatype: Datatype = 'FP32'): DeclaredTensor {
  return { name, datatype, shape };
}

export function signature(
  inputs: DeclaredTensor[],
  outputs: DeclaredTensor[] = [tensor('y', ['N', 1])],
): Signature {
  return declareRows(inputs, outputs);
}

/** Two features in, a label and the probabilities of two classes out: what classifiers are. */
export const classifier = signature(
  [tensor('x', ['N', 2])],
  [tensor('label', ['N'], 'INT64'), { ...tensor('p', ['N', 2]), labels: ['no', 'yes'] }],
);
export const twoInputs = signature([tensor('a', ['N', 1]), tensor('ids', ['N', 'L'], 'INT64')]);
