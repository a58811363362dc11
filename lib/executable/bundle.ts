import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFailure } from 'esbuild';
import { BUNDLE_FILE } from '../contract/files.ts';
import { ColdpressError } from '../errors.ts';
import { tooManyFiles } from '../system-error.ts';
import { loadEsbuild } from '../vendored.ts';

const ending = extname(import.meta.url);
const launcher = fileURLToPath(new URL(`../../handlers/executable${ending}`, import.meta.url));

/**
 * Bundles the program of an executable: the launcher and the artifact's modules as one CommonJS script, which is the
 * form that Node runs from an executable. Modules see `import.meta` as if they were files next to it.
 * @param dir - the function's folder
 * @param chunks - names of the modules that `index.mjs` loads on first use
 * @throws ColdpressError EXECUTABLE_MODULE
 */
export async function bundleProgram(
  dir: string,
  { chunks, nodeMajor }: { chunks: readonly string[]; nodeMajor: number },
): Promise<Uint8Array> {
  const loaders = chunks.map(name => {
    const path = JSON.stringify(`./${name}`);
    return `${path}: () => require(${path})`;
  });
  try {
    const { outputFiles } = await loadEsbuild().build({
      stdin: {
        contents: `import { embedFunction } from ${JSON.stringify(launcher)};
const loaders = { ${loaders.join(', ')} };
embedFunction(path => loaders[path]());
require(${JSON.stringify(`./${BUNDLE_FILE}`)});`,
        resolveDir: dir,
        loader: 'js',
      },
      write: false,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: `node${nodeMajor}`,
      minify: true,
      legalComments: 'none',
      define: {
        'import.meta.dirname': 'globalThis.coldpressEmbedded.dir',
        'import.meta.url': 'globalThis.coldpressEmbedded.url',
        'import.meta.filename': 'process.execPath',
      },
      logLevel: 'silent',
    });
    return outputFiles[0]!.contents;
  } catch (cause) {
    const [error] = (cause as BuildFailure).errors ?? [];
    if (error === undefined) {
      // esbuild expects the streams of its process, which do not exist if too many files are open.
      throw cause instanceof TypeError ? tooManyFiles('esbuild cannot start', cause) : cause;
    }
    throw new ColdpressError(
      'EXECUTABLE_MODULE',
      `the function's modules cannot become one script: ${error.text}`,
      {
        hint: 'an executable runs no `await` at the top of a module: move it into a function of score.ts',
        cause,
      },
    );
  }
}
