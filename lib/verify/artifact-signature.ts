import { join } from 'node:path';
import { openArtifact } from '../artifact.ts';
import { SIGNATURE_FILE } from '../contract/files.ts';
import { ColdpressError } from '../errors.ts';
import { quote } from '../shell-command.ts';
import { compareFiles, type Difference } from './compare.ts';
import { type Contents, folderContents } from './contents.ts';
import { type VerifyBundleOptions, verifyBundle } from './verify-bundle.ts';

/**
 * Compares every file of an artifact with its signed statement, after verifying that the required signer signed it.
 * @throws ColdpressError SIGNATURE_OTHER, and the errors of `verifyBundle` and `openArtifact`
 */
export async function compareSigned(dir: string, options: VerifyBundleOptions): Promise<Difference[]> {
  const { dir: root, manifest } = openArtifact(dir);
  const path = join(root, SIGNATURE_FILE);
  const { name, files } = verifyBundle(path, options, signHint(dir, options));
  if (name !== manifest.name) {
    throw new ColdpressError('SIGNATURE_OTHER', `${path} signs ${name}, not ${manifest.name}`, {
      hint: 'a signature of another artifact proves nothing about this one: sign this one',
    });
  }
  return compareFiles(
    signedContents(root),
    files.map(file => ({ ...file, sizeBytes: 0, reason: '' })),
  );
}

/** Signing without a key needs a CI job, and makes another kind of signature than the one that is required. */
function signHint(dir: string, { signer }: VerifyBundleOptions): string {
  const key = signer.kind === 'key' ? ' --key PRIVATE_KEY' : '';
  return `sign it: npx coldpress sign ${quote(dir)}${key}`;
}

/** All files of an artifact except the signature itself. */
export function signedContents(root: string): Contents {
  const contents = folderContents(root, '.');
  return { ...contents, paths: contents.paths.filter(path => path !== SIGNATURE_FILE) };
}
