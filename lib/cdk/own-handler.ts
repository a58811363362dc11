import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  const scratch = mkdtempSync(join(tmpdir(), `coldpress-handler-${ownerMark}-`));
  // The construct that receives the code copies it first.
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  // CDK appends what follows a dot in the folder's name to the asset's, so the folder must have the same name every time.
  const outdir = join(scratch, 'handler');
  mkdirSync(outdir);
  writeFileSync(join(outdir, 'index.mjs'), bundleOwnHandler(name));
  for (const file of files) {
    cpSync(file, join(outdir, basename(file)));
  }
  return lambda.Code.fromAsset(outdir);
}
