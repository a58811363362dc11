import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { BUNDLE_FILE, SOURCE_MAP_FILE } from '../../contract/files.ts';
import { isOwnCode } from '../../own-code.ts';

/** A place in the user's code. */
export interface Frame {
  /** Relative to the working folder if it is inside. */
  file: string;
  line: number;
  column: number;
  /** The line's text. */
  code: string;
}

/** Finds the locations in the user's code in the lines of a stack. */
export type ReadFrames = (stack: readonly string[]) => Frame[];

/** The output folder passed to the bundler: the map's paths are relative to it. */
const bundleFolder = resolve('/out');

const stackLine = /^\s+at (?:.*\()?([^()]+):(\d+):(\d+)\)?(?: \{)?$/;

export function isStackLine(line: string): boolean {
  return /^\s+at \S/.test(line);
}

/**
 * Reads stacks of the function in the artifact at `dir` with its source map, which is loaded on first use. Frames of
 * packages are left out if there are others; those of coldpress and Node always are.
 */
export function frameReader(dir: string, cwd: string): ReadFrames {
  let load = (): SourceMap | undefined => {
    const map = openMap(join(dir, SOURCE_MAP_FILE));
    load = () => map;
    return map;
  };
  return stack => {
    const found = stack.flatMap(line => {
      const [, file = '', row, column] = stackLine.exec(line) ?? [];
      const map = file.endsWith(`/${BUNDLE_FILE}`) || file.endsWith(`\\${BUNDLE_FILE}`) ? load() : undefined;
      const place = map && originOf(map, Number(row), Number(column));
      return place === undefined || isOwnCode(place.path) ? [] : [place];
    });
    const isPackage = ({ path }: Place) => path.includes(`${sep}node_modules${sep}`);
    const shown = found.every(isPackage) ? found : found.filter(place => !isPackage(place));
    return shown.map(({ path, ...place }) => ({ file: nameOf(path, cwd), ...place }));
  };
}

function nameOf(path: string, cwd: string): string {
  const name = relative(cwd, path);
  return name.startsWith('..') ? path : name;
}

type Place = Omit<Frame, 'file'> & { path: string };

function originOf(map: SourceMap, row: number, column: number): Place | undefined {
  const origin = map.findOrigin(row, column);
  if (!('fileName' in origin) || origin.fileName === undefined || /^[\w-]{2,}:/.test(origin.fileName)) {
    return undefined;
  }
  const { sources, sourcesContent } = map.payload;
  const text = sourcesContent?.[sources.indexOf(origin.fileName)] ?? '';
  return {
    path: resolve(bundleFolder, decoded(origin.fileName)),
    line: origin.lineNumber,
    column: origin.columnNumber,
    code: text.split('\n')[origin.lineNumber - 1]?.trim() ?? '',
  };
}

/** The bundler writes names as in a URL, in which it encodes a `ü`, but not a space. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A map that another tool wrote.
    return name;
  }
}

/** An artifact may have been copied without the files that are not deployed. */
function openMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
