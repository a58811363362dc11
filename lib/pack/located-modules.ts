import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Loader, Metafile } from 'esbuild';
import { ColdpressError } from '../errors.ts';
import { packageOf } from '../native/installed-package.ts';
import { packageFiles } from '../native/native-packages.ts';
import { loadEsbuild } from '../vendored.ts';

/** esbuild's paths are relative to this folder. */
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
const ownFolders = ['lib', 'handlers'].map(name => join(packageRoot, name));

/** Expressions that return a module's location, which differs in a bundle. */
const words = ['__dirname', '__filename', 'import.meta.url', 'import.meta.dirname', 'import.meta.filename'];
const mention = /__(?:dir|file)name|import\.meta|\brequire\.resolve\b/;
const codeOrText =
  /(?:\.(?:[cm]?[jt]sx?|map|json|md|markdown|txt|ya?ml|html|css|flow|lock)|[\\/][^.\\/]*|[\\/]\.[^\\/]*)$/;
const mark = '__coldpress_located';

/** A module that reads, or may read, files next to itself. */
export interface LocatedModule {
  path: string;
  /** The folder of its package. */
  packageDir: string;
}

/**
 * The modules of packages in a bundle that use their own location to read a WebAssembly file, a dictionary or a worker
 * next to themselves. Their packages must be copied next to the bundle, not bundled.
 * @throws ColdpressError SCORE_LOCATION if the user's own code does so
 */
export async function findLocatedModules({ outputs }: Pick<Metafile, 'outputs'>): Promise<LocatedModule[]> {
  const inputs = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([input, { bytesInOutput }]) =>
      bytesInOutput > 0 && !/^[\w-]{2,}:/.test(input) ? [resolve(packageRoot, input)] : [],
    ),
  );
  const found: LocatedModule[] = [];
  for (const path of new Set(inputs)) {
    const inPackage = packageOf(path);
    if (inPackage?.name === 'coldpress' || (!inPackage && ownFolders.some(dir => path.startsWith(dir)))) {
      continue;
    }
    const location = await usedLocation(path);
    if (location !== undefined && inPackage !== undefined) {
      found.push({ path, packageDir: inPackage.dir });
    } else if (location !== undefined && location !== 'a module') {
      throw new ColdpressError('SCORE_LOCATION', `${path} uses ${location}, which differs in a bundle`, {
        hint: "name the file that it reads in the config's assets, and read it with asset(NAME) of coldpress/runtime",
      });
    }
  }
  return found;
}

/** The expression that a module uses, or `a module` if it may only be `createRequire(import.meta.url)`. */
async function usedLocation(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8');
  if (!mention.test(text)) {
    return undefined;
  }
  // Ignores comments, strings and declared names.
  const define = Object.fromEntries(words.map((word, i) => [word, `${mark}${i}`]));
  const { code } = await loadEsbuild().transform(text, {
    loader: loaderOf(path),
    define,
    logLevel: 'silent',
  });
  const word = words.find((_, i) => code.includes(`${mark}${i}`));
  if (word === undefined) {
    return /\brequire\.resolve\(/.test(code) ? 'require.resolve' : undefined;
  }
  const isUrl = word === 'import.meta.url';
  return isUrl && !new RegExp(`new URL\\([^)]*${mark}`).test(code) ? 'a module' : word;
}

/** Whether a package has files other than code and documentation: WebAssembly, dictionaries, models. */
export function hasData(packageDir: string): boolean {
  return packageFiles(packageDir).some(path => !codeOrText.test(path));
}

function loaderOf(path: string): Loader {
  const ending = extname(path)
    .replace(/^\.[cm]/, '.')
    .slice(1);
  return ['ts', 'tsx', 'jsx', 'json'].includes(ending) ? (ending as Loader) : 'js';
}
