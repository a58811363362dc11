import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadEsbuild } from '../vendored.ts';

// Unbundled packages must be required, not imported: Lambda's runtime provides AWS's clients only to `require`.
const banner = `import { createRequire as coldpressRequire } from 'node:module';
globalThis.require ??= coldpressRequire(import.meta.url);`;

/**
 * Bundles one of coldpress's own functions, which serve no model, to an ES module without the platforms' clients.
 * @param name - name of the file in handlers/, without its extension
 */
export function bundleOwnHandler(name: string): Uint8Array {
  const { outputFiles } = loadEsbuild().buildSync({
    entryPoints: [
      fileURLToPath(new URL(`../../handlers/${name}${extname(import.meta.url)}`, import.meta.url)),
    ],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    minify: true,
    external: ['@aws-sdk/*', '@google-cloud/*'],
    supported: { 'dynamic-import': false },
    banner: { js: banner },
    logLevel: 'silent',
  });
  return outputFiles[0]!.contents;
}
