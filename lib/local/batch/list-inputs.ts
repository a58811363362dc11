import { globSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { ColdpressError } from '../../errors.ts';

export type FileFormat = 'csv' | 'jsonl';

export interface InputFile {
  path: string;
  /** The path relative to the folder, or the name of a single file. */
  name: string;
  format: FileFormat;
}

/** The same as in `lib/runtime/objects/formats.ts`. */
const endings: [ending: RegExp, format: FileFormat][] = [
  [/\.csv$/i, 'csv'],
  [/\.(jsonl|ndjson)$/i, 'jsonl'],
];

/**
 * The files to score: one, or all in a folder and its subfolders whose extension determines a format.
 * @param outDir - excluded if it is inside `input`
 * @throws ColdpressError BATCH_NO_INPUT
 */
export function listInputs(input: string, outDir: string, format: FileFormat | undefined): InputFile[] {
  const found = statSync(input, { throwIfNoEntry: false });
  const dir = resolve(input);
  const files = found?.isDirectory() ? below(dir, outDir) : found === undefined ? [] : [dir];
  const inputs = files.flatMap(path => {
    const known = format ?? endings.find(([ending]) => ending.test(path))?.[1];
    const name = path === dir ? basename(path) : relative(dir, path);
    return known === undefined ? [] : [{ path, name, format: known }];
  });
  if (inputs.length === 0) {
    throw new ColdpressError(
      'BATCH_NO_INPUT',
      found === undefined ? `input not found: ${input}` : `${input} holds no .csv, .jsonl or .ndjson`,
      {
        hint:
          found === undefined
            ? 'check the path'
            : /\.(gz|zst|bz2|xz|zip)$/i.test(input)
              ? 'it is compressed: unpack it first'
              : '--format csv or --format jsonl for files of other endings',
      },
    );
  }
  return inputs;
}

function below(dir: string, outDir: string): string[] {
  return (
    globSync('**/*', { cwd: dir })
      .map(name => join(dir, name))
      .filter(path => !isWithin(path, outDir) || isWithin(dir, outDir))
      // A broken link is reported later, as a file that cannot be read.
      .filter(path => statSync(path, { throwIfNoEntry: false })?.isFile() ?? true)
      .sort()
  );
}

function isWithin(path: string, dir: string): boolean {
  return `${path}${sep}`.startsWith(dir.endsWith(sep) ? dir : `${dir}${sep}`);
}
