import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ownerMark } from '../owner.ts';
import { loadEsbuild } from '../vendored.ts';

/** A handler of coldpress's own as a function's code. The runtime brings AWS's clients. */
export function ownHandler(name: string): lambda.AssetCode {
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
    external: ['@aws-sdk/*'],
    logLevel: 'silent',
  });
  return lambda.Code.fromAsset(outdir);
}
