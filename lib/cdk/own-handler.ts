import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ownerMark } from '../owner.ts';
import { loadEsbuild } from '../vendored.ts';

// What a bundle does not have is required, never imported: Lambda's runtime brings AWS's clients for `require` alone.
const banner = `import { createRequire as coldpressRequire } from 'node:module';
globalThis.require ??= coldpressRequire(import.meta.url);`;

/**
 * A handler of coldpress's own as a function's code. The runtime brings AWS's clients.
 * @param files - paths of files that lie next to it
 */
export function ownHandler(name: string, files: readonly string[] = []): lambda.AssetCode {
  const outdir = mkdtempSync(join(tmpdir(), `coldpress-handler-${ownerMark}-`));
  // The construct that takes the code copies it.
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  loadEsbuild().buildSync({
    entryPoints: {
      index: fileURLToPath(new URL(`../../handlers/${name}${extname(import.meta.url)}`, import.meta.url)),
    },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    external: ['@aws-sdk/*', '@google-cloud/*'],
    supported: { 'dynamic-import': false },
    banner: { js: banner },
    logLevel: 'silent',
  });
  for (const file of files) {
    cpSync(file, join(outdir, basename(file)));
  }
  return lambda.Code.fromAsset(outdir);
}
