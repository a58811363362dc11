import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GOLDEN_FILE } from '../../contract/files.ts';
import type { InputSpec, Manifest } from '../../contract/manifest.ts';
import { closeShape } from '../../contract/signature.ts';

export interface Sample {
  name: string;
  /** Data that is absent is zeros, which the page writes. */
  request: { inputs: { name: string; shape: number[]; data?: unknown[] }[] };
}

/** Above it, a page of samples would no longer be small. */
const maxCharacters = 20_000;

/** The request that was proven when the model was packed, where it is small, and zeros. */
export async function playgroundSamples(functionDir: string, manifest: Manifest): Promise<Sample[]> {
  const path = join(functionDir, dirname(manifest.model.path), GOLDEN_FILE);
  const golden = await readFile(path, 'utf8').then(JSON.parse, () => undefined);
  const isSmall = golden !== undefined && JSON.stringify(golden.request).length <= maxCharacters;
  const zeros = { inputs: manifest.signature.inputs.filter(spec => !spec.optional).map(zerosOf) };
  return [
    ...(isSmall ? [{ name: 'golden vector', request: golden.request }] : []),
    { name: 'zeros', request: zeros },
  ];
}

/** Where a dimension is open, 1. */
function zerosOf({ name, shape }: InputSpec) {
  return { name, shape: closeShape(shape ?? [-1], 1) };
}
