import { realpathSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFailure, Message, Metafile, OutputFile } from 'esbuild';
import { chunkName } from '../contract/chunks.ts';
import { BUNDLE_FILE } from '../contract/files.ts';
import { ColdpressError } from '../errors.ts';
import { nativePackages } from '../native/native-packages-plugin.ts';
import { loadEsbuild } from '../vendored.ts';
import { builtins } from './builtins-plugin.ts';
import { chunksFor } from './config/events.ts';
import { findLocatedModules, hasData, type LocatedModule } from './located-modules.ts';
import { peers } from './peers-plugin.ts';
import type { Plan } from './plan.ts';
import { type UsedParts, usedParts } from './used-plugin.ts';

export interface Bundle {
  /** The function's module. */
  code: Uint8Array;
  /** Parts of the runtime in files of their own next to the module, which loads them on first use. */
  chunks: { path: string; code: Uint8Array }[];
  sourceMap: Uint8Array;
  /** Folders of packages that read files next to themselves, native or not. They are copied next to the module. */
  nativeDirs: string[];
  /** The modules that explain why packages without native files are in `nativeDirs`. */
  located?: LocatedModule[];
  /** What was bundled and how many bytes of it remain; paths are relative to coldpress's own folder. */
  metafile: Metafile;
}

/** coldpress's modules all have the same extension: `.ts` in a clone, `.js` when compiled. */
const ending = extname(import.meta.url);
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
const own = (path: string) => fileURLToPath(new URL(`../../${path}${ending}`, import.meta.url));

/**
 * Bundles handler, runtime and the user's score into one minified ES module, and each sink and source that needs a
 * library into another. esbuild does not split these, so each is complete in one file with a name that `loadChunk`
 * knows.
 * @param parts - the engine and kernels that the pressed model names
 * @throws ColdpressError SCORE_IMPORT_MISSING, SCORE_COMPILE, SCORE_LOCATION
 */
export async function bundleFunction(plan: Plan, parts: UsedParts): Promise<Bundle> {
  try {
    const bundle = await bundleModules(plan, parts, []);
    const located = await findLocatedModules(bundle.metafile);
    // If packages cannot be copied next to the bundle, those that contain only code stay in it.
    const kept = plan.target.build === 'none' ? located : located.filter(one => hasData(one.packageDir));
    if (kept.length === 0) {
      return bundle;
    }
    const dirs = [...new Set(kept.map(({ packageDir }) => packageDir))];
    return { ...(await bundleModules(plan, parts, dirs)), located: kept };
  } catch (error) {
    throw explain(error as BuildFailure);
  }
}

/** @param keptOut - folders of packages that are not bundled, in addition to those with native files */
async function bundleModules(plan: Plan, parts: UsedParts, keptOut: readonly string[]): Promise<Bundle> {
  const { build } = loadEsbuild();
  const nativeDirs = new Set<string>();
  const chunkModules = [...plan.target.chunks, ...chunksFor(plan.settings, plan.target)];
  const result = await build({
    entryPoints: {
      index: own(`handlers/${entryOf(plan)}`),
      ...Object.fromEntries(chunkModules.map(name => [chunkName(name), own(`lib/runtime/${name}`)])),
    },
    outdir: '/out',
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: `node${plan.runtime.nodeMajor}`,
    minify: true,
    // The licences of bundled code are in the notices.
    legalComments: 'none',
    sourcemap: 'external',
    metafile: true,
    absWorkingDir: packageRoot,
    alias: { 'coldpress/runtime': own('lib/runtime/index') },
    plugins: [
      builtins(),
      scorePlugin(plan.scorePath),
      usedParts(parts),
      peers(dirname(plan.lockPath)),
      nativePackages(dir => nativeDirs.add(dir), keptOut),
    ],
    banner: { js: requireLine },
    logLevel: 'silent',
  });
  const output = (path: string) => result.outputFiles.find(file => basename(file.path) === path)!;
  return {
    code: withoutUnusedRequire(output(BUNDLE_FILE)),
    sourceMap: output(`${BUNDLE_FILE}.map`).contents,
    chunks: chunkModules.map(name => {
      const path = `${chunkName(name)}.mjs`;
      return { path, code: withoutUnusedRequire(output(path)) };
    }),
    metafile: result.metafile,
    nativeDirs: [...nativeDirs],
  };
}

/** CommonJS packages in an ES module call `require` for Node's built-in modules. */
const requireLine = "const require=process.getBuiltinModule('node:module').createRequire(import.meta.url);";

/** Removes the line from modules without such a package: most. An empty first line keeps the source map right. */
function withoutUnusedRequire({ contents, text }: OutputFile): Uint8Array {
  const rest = text.slice(requireLine.length);
  return text.startsWith(requireLine) && !/\brequire\b/.test(rest) ? Buffer.from(rest) : contents;
}

function entryOf({ target, settings }: Plan): string {
  return (settings.http.streaming && target.streamingEntry) || target.entry;
}

/** `#score` is the module that the handlers import. It resolves to the user's score, or else to an empty module. */
function scorePlugin(scorePath: string | undefined): import('esbuild').Plugin {
  return {
    name: 'coldpress-score',
    setup(build) {
      build.onResolve({ filter: /^#score$/ }, () => ({
        // The score's imports are resolved from its real path.
        path: scorePath === undefined ? own('lib/runtime/no-score') : realpathSync(scorePath),
      }));
      const scores = own('lib/runtime/score/used');
      const [name, module] =
        scorePath === undefined ? ['defaultScore', 'default-score'] : ['checkedScore', 'checked-score'];
      build.onLoad({ filter: /[\\/]used\.[jt]s$/ }, ({ path }) =>
        path === scores
          ? { contents: `export { ${name} } from './${module}${ending}';`, resolveDir: dirname(path) }
          : undefined,
      );
    },
  };
}

function explain(failure: BuildFailure): Error {
  const [error] = failure.errors ?? [];
  if (error === undefined) {
    return failure;
  }
  const missing = unresolved(error);
  if (missing !== undefined) {
    const packages = missingPackages(failure);
    const isOwn = error.location !== null && ownFile.test(error.location.file);
    return new ColdpressError(
      'SCORE_IMPORT_MISSING',
      isOwn
        ? `a sink or an event source of the config needs "${missing}", which is not installed`
        : `${locate(error)} imports "${missing}", which is not installed or does not exist`,
      {
        hint: packages.length > 0 ? `npm install ${packages.join(' ')}` : 'check the path',
        cause: failure,
      },
    );
  }
  if (error.text.startsWith('No matching export') && error.text.endsWith('import "default"')) {
    return new ColdpressError('SCORE_COMPILE', 'the score has no default export', {
      hint: 'export default defineScore({ … })',
      cause: failure,
    });
  }
  return new ColdpressError('SCORE_COMPILE', `${locate(error)}: ${error.text}`, {
    hint: error.location?.lineText.trim() || 'check the file that "score" names in the config',
    cause: failure,
  });
}

/** Files of coldpress that import the client of a sink or a source. */
const ownFile = /(^|[\\/])lib[\\/]runtime[\\/]/;

function unresolved({ text }: Message): string | undefined {
  return /^Could not resolve "([^"]+)"/.exec(text)?.[1];
}

/** All packages that are not installed, so that one command installs them. */
function missingPackages({ errors }: BuildFailure): string[] {
  const names = errors
    .flatMap(error => unresolved(error) ?? [])
    .filter(name => !/^[./#]/.test(name))
    .map(name => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(names)];
}

function locate({ location }: Message): string {
  return location === null ? 'the score' : `${resolve(packageRoot, location.file)}:${location.line}`;
}
