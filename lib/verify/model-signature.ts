import { basename, dirname, posix } from 'node:path';
import { ColdpressError } from '../errors.ts';
import type { RequiredSigner } from './required-signer.ts';
import type { SignedFiles } from './statement.ts';
import { verifyBundle } from './verify-bundle.ts';

/** The signature that a model must have. */
export interface ModelSignature {
  /** The bundle that OpenSSF Model Signing wrote. */
  path: string;
  signer: RequiredSigner;
  /** The name that the signer must have signed the model as; `undefined` for any. */
  subject: string | undefined;
}

/** The files of a model: its own, with its SHA-256, and the SHA-256 of its files of weights by their location. */
export interface ModelFiles {
  path: string;
  sha256: string;
  external: Record<string, string>;
}

const howToSign =
  'get it from the publisher of the model, who signs with OpenSSF’s tool: model_signing sign; docs/supply-chain.md';

/**
 * Requires that a model and its weights are what a signer signed.
 * @param now - the time at which certificates must be valid
 * @throws ColdpressError MODEL_TAMPERED, SIGNATURE_OTHER, and the errors of `verifyBundle`
 */
export function verifyModelSignature(model: ModelFiles, signature: ModelSignature, now: Date): void {
  const { path, signer, subject } = signature;
  const signed = verifyBundle(path, { signer, now }, howToSign);
  const other = (message: string) =>
    new ColdpressError('SIGNATURE_OTHER', message, {
      hint: 'the signature is of another model: get both from the same place',
    });
  if (subject !== undefined && signed.name !== subject) {
    throw other(`${path} signs ${signed.name}, not ${subject}`);
  }
  const places = placesOf(model.path, signed);
  if (places.length === 0) {
    const names = signed.files.slice(0, 3).map(file => file.path);
    throw other(`${path} signs ${signed.name} (${names.join(', ')}), not ${basename(model.path)}`);
  }
  // A signed folder may contain several models with the same name in different subfolders.
  const place = places.find(file => file.sha256 === model.sha256);
  if (place === undefined) {
    throw tampered(model.path, { found: model.sha256, expected: places[0]!.sha256, signed, path });
  }
  for (const [location, found] of Object.entries(model.external)) {
    const name = posix.join(posix.dirname(place.path), location);
    const expected = signed.files.find(file => file.path === name)?.sha256;
    if (expected === undefined) {
      throw other(`${path} signs ${signed.name}, but not its weights ${name}`);
    }
    if (expected !== found) {
      throw tampered(posix.join(dirname(model.path), location), { found, expected, signed, path });
    }
  }
}

/** The entries that may be the model: those with its name, or `.`, the only entry of a signature of a single file. */
function placesOf(modelPath: string, { name, files }: SignedFiles): SignedFiles['files'] {
  const own = basename(modelPath);
  return files.filter(({ path }) => (path === '.' ? name === own : posix.basename(path) === own));
}

function tampered(
  file: string,
  { found, expected, signed, path }: { found: string; expected: string; signed: SignedFiles; path: string },
): ColdpressError {
  return new ColdpressError(
    'MODEL_TAMPERED',
    `${file} has SHA-256 ${found}, where the signature of ${signed.name}, ${path}, states ${expected}`,
    {
      hint: 'the file was changed after it was signed, or the signature is of another version; do not use it',
    },
  );
}
