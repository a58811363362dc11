import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ownerMark } from '../owner.ts';
import { bundleOwnHandler } from '../pack/own-handler.ts';

/**
 * Bundles one of coldpress's own handlers as a function's code. The runtime provides the AWS clients.
 * @param files - paths of files to put next to the handler
 */
export function ownHandler(name: string, files: readonly string[] = []): lambda.AssetCode {
  const outdir = mkdtempSync(join(tmpdir(), `coldpress-handler-${ownerMark}-`));
  // The construct that receives the code copies it first.
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  writeFileSync(join(outdir, 'index.mjs'), bundleOwnHandler(name));
  for (const file of files) {
    cpSync(file, join(outdir, basename(file)));
  }
  return lambda.Code.fromAsset(outdir);
}
