/**
 * Builds the CommonJS part of the package, for CommonJS projects and for Jest, which loads the modules under test with
 * `require`.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';
import { collectNotices } from '../lib/pack/notices.ts';
import { loadEsbuild } from '../lib/vendored.ts';

const entries = { index: 'lib/index.js', runtime: 'lib/runtime/index.js', cdk: 'lib/cdk/index.js' };

/** Modules that CycloneDX's library only loads for validating documents and writing XML. */
const unused = ['ajv', 'ajv-formats', 'ajv-formats-draft2019', 'libxmljs2', 'xmlbuilder2'];

/**
 * Makes dist/cjs from the compiled dist/lib: one file per entry with all dependencies except peers, because CommonJS
 * cannot require packages that are only ES modules. Code that runs in another process stays in dist/lib.
 */
export async function buildCommonJs(root: string): Promise<Metafile> {
  const dist = join(root, 'dist');
  const out = join(dist, 'cjs');
  const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const peers = Object.keys(peerDependencies);
  const { metafile } = await loadEsbuild().build({
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(dist, path)])),
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: [...peers.flatMap(name => [name, `${name}/*`]), ...unused],
    banner: {
      js: `const __coldpressPlace = path => require('node:path').join(__dirname, '..', path);
const __coldpressUrl = path => require('node:url').pathToFileURL(__coldpressPlace(path)).href;
const __coldpressDir = path => require('node:path').dirname(__coldpressPlace(path));`,
    },
    plugins: [places(dist)],
    metafile: true,
    absWorkingDir: root,
    logLevel: 'error',
  });
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), collectNotices(metafile));
  // Makes the declarations below CommonJS; the same files next to the modules are declarations of ES modules.
  writeFileSync(join(out, 'package.json'), '{ "type": "commonjs" }\n');
  cpSync(join(dist, 'lib'), join(out, 'lib'), {
    recursive: true,
    filter: path => !/\.\w+$/.test(path) || path.endsWith('.d.ts'),
  });
  return metafile;
}

/** Makes modules resolve their own location as if they were not bundled. */
function places(dist: string): Plugin {
  return {
    name: 'coldpress-places',
    setup(build) {
      build.onLoad({ filter: /[\\/]dist[\\/]lib[\\/].*\.js$/ }, async ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const place = JSON.stringify(relative(dist, path).split(sep).join('/'));
        const define = { 'import.meta.url': '__ownUrl', 'import.meta.dirname': '__ownDir' };
        const { code } = await build.esbuild.transform(text, { define });
        return {
          contents: `const __ownUrl = /* @__PURE__ */ __coldpressUrl(${place}), __ownDir = /* @__PURE__ */ __coldpressDir(${place});\n${code}`,
        };
      });
    },
  };
}
