import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFailure, Message, Metafile } from 'esbuild';
import { ColdpressError } from '../errors.ts';
import { nativePackages } from '../native/native-packages-plugin.ts';
import { loadEsbuild } from '../vendored.ts';
import type { Plan } from './plan.ts';

export interface Bundle {
  /** The one module of the function. */
  code: Uint8Array;
  sourceMap: Uint8Array;
  /** Folders of packages with native files, which stay out of it and are copied beside it. */
  nativeDirs: string[];
  /** What went in and how much of it came out; paths are relative to coldpress's own folder. */
  metafile: Metafile;
}

/** Compiled or not, the modules of coldpress have one ending. */
const ending = extname(import.meta.url);
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
const own = (path: string) => fileURLToPath(new URL(`../../${path}${ending}`, import.meta.url));

/**
 * Bundles handler, runtime and the user's score to one minified ES module.
 * @throws ColdpressError SCORE_MISSING, SCORE_IMPORT_MISSING, SCORE_COMPILE
 */
export async function bundleFunction(plan: Plan): Promise<Bundle> {
  if (plan.scorePath !== undefined && !existsSync(plan.scorePath)) {
    throw new ColdpressError('SCORE_MISSING', `there is no score ${plan.scorePath}`, {
      hint: '"score" in the config is a path relative to the config, with its ending',
    });
  }
  const { build } = loadEsbuild();
  const nativeDirs = new Set<string>();
  try {
    const result = await build({
      entryPoints: [own(`handlers/${plan.target.entry}`)],
      outfile: '/out/index.mjs',
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: `node${plan.runtime.nodeMajor}`,
      minify: true,
      // Licences of what is bundled travel in the notices.
      legalComments: 'none',
      sourcemap: 'external',
      metafile: true,
      absWorkingDir: packageRoot,
      alias: { 'coldpress/runtime': own('lib/runtime/index') },
      plugins: [scorePlugin(plan.scorePath), nativePackages(dir => nativeDirs.add(dir))],
      // CommonJS packages inside an ES module call require for Node's own modules.
      banner: {
        js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
      },
      logLevel: 'silent',
    });
    const [map, code] = result.outputFiles;
    return {
      code: code!.contents,
      sourceMap: map!.contents,
      metafile: result.metafile,
      nativeDirs: [...nativeDirs],
    };
  } catch (error) {
    throw explain(error as BuildFailure);
  }
}

/** `#score` is the module that the handlers import: the user's own, or the empty one. */
function scorePlugin(scorePath: string | undefined): import('esbuild').Plugin {
  return {
    name: 'coldpress-score',
    setup(build) {
      build.onResolve({ filter: /^#score$/ }, () => ({ path: scorePath ?? own('lib/runtime/no-score') }));
    },
  };
}

function explain(failure: BuildFailure): Error {
  const [error] = failure.errors ?? [];
  if (error === undefined) {
    return failure;
  }
  const missing = /^Could not resolve "([^"]+)"/.exec(error.text)?.[1];
  if (missing !== undefined) {
    const isPackage = !/^[./#]/.test(missing);
    const name = missing.split('/', missing.startsWith('@') ? 2 : 1).join('/');
    return new ColdpressError(
      'SCORE_IMPORT_MISSING',
      `${locate(error)} imports "${missing}", which is not there`,
      {
        hint: isPackage ? `npm install ${name}` : 'check the path',
        cause: failure,
      },
    );
  }
  return new ColdpressError('SCORE_COMPILE', `${locate(error)}: ${error.text}`, {
    hint: error.location?.lineText.trim() ?? 'check the file that "score" names in the config',
    cause: failure,
  });
}

function locate({ location }: Message): string {
  return location === null ? 'the score' : `${resolve(packageRoot, location.file)}:${location.line}`;
}
