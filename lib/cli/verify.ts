import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { SIGNATURE_FILE } from '../contract/files.ts';
import { counted } from '../counted.ts';
import { ColdpressError } from '../errors.ts';
import type { ImageBlobs } from '../image/image-blobs.ts';
import { quote } from '../shell-command.ts';
import { compareSigned } from '../verify/artifact-signature.ts';
import { type Difference, joinDifferences } from '../verify/compare.ts';
import { type RequiredSigner, resolveSigner, type SignerOptions } from '../verify/required-signer.ts';
import { type Verification, verifyArtifact } from '../verify/verify.ts';
import { interruptSignal } from './interrupt.ts';

const example = `
Example:
  $ coldpress verify build
  $ coldpress verify build/function.zip --json
  $ coldpress verify ./churn
  $ coldpress verify image
  $ coldpress verify ghcr.io/team/churn:1

Exits with 3 if a file differs from what was packed, otherwise with 0.`;

/** `coldpress verify`: compares an artifact with its manifest. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check every file of an artifact, an executable or an image against its manifest')
    .argument(
      '[subject]',
      'artifact folder, function.zip, executable, image layout (folder or .tar), or image of a registry',
      'build',
    )
    .option('--key <file>', 'also require the signature of this public key, in PEM')
    .option('--certificate <file>', 'also require a signature by a certificate of these authorities, in PEM')
    .option('--identity <name>', 'also require the signature of this identity: an email address or a URI')
    .option('--issuer <url>', 'with --identity: the issuer that authenticated it')
    .option(
      '--trusted-root <file>',
      'with --identity: trusted root of sigstore (default: that of the public sigstore)',
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(async (path: string, { json, ...options }: SignerOptions & { json?: true }) => {
      const signer = resolveSigner(options, file => resolve(file));
      if (signer !== undefined && (await isNotFolder(path))) {
        throw new ColdpressError(
          'OPTION_CONFLICT',
          `${path} is no artifact folder, and only that has a signature`,
          {
            hint: 'name the folder that coldpress pack wrote and coldpress sign signed, or leave the signer out',
          },
        );
      }
      const signed = signer === undefined ? [] : await compareSigned(path, { signer, now: new Date() });
      const found = await verifySubject(path);
      const verification = { ...found, differences: joinDifferences(signed, found.differences) };
      console.log(json ? JSON.stringify(verification) : describe(verification, signer));
      if (json !== true && signer === undefined && existsSync(join(path, SIGNATURE_FILE))) {
        console.log(
          'Its signature was not checked: name the signer with --key, --certificate or --identity.',
        );
      }
      process.exitCode = verification.differences.length === 0 ? 0 : 3;
    });
}

/** An existing path takes precedence over an image's name. */
async function verifySubject(subject: string): Promise<Verification> {
  const open = await imageOpener(subject);
  if (open === undefined) {
    const found = statSync(subject, { throwIfNoEntry: false });
    if (
      found === undefined &&
      /^(?:localhost|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}|[\w-]+(?=:\d))(?::\d+)?\/./.test(subject)
    ) {
      throw new ColdpressError('ARTIFACT_NOT_FOUND', `file or folder not found: ${subject}`, {
        hint: `check the path; if it is an image of a registry, add its tag or digest: npx coldpress verify ${quote(subject)}:TAG`,
      });
    }
    return verifyArtifact(subject);
  }
  const { verifyImage } = await import('../image/verify-image.ts');
  const blobs = await open();
  try {
    return await verifyImage(blobs);
  } finally {
    await blobs.close();
  }
}

async function imageOpener(subject: string): Promise<(() => Promise<ImageBlobs>) | undefined> {
  const found = statSync(subject, { throwIfNoEntry: false });
  const isFolder = found?.isDirectory() && existsSync(join(subject, 'oci-layout'));
  const isArchive = found?.isFile() && subject.endsWith('.tar');
  // Only a name with a tag or a digest is an image; any other is probably a mistyped folder.
  const isName = found === undefined && /[^/]:[\w.-]+$/.test(subject);
  if (!isFolder && !isArchive && !isName) {
    return undefined;
  }
  const { openLayout, openLayoutArchive, openRemote } = await import('../image/image-blobs.ts');
  if (isName) {
    return () => openRemote(subject, { env: process.env, signal: interruptSignal() });
  }
  return isFolder ? () => openLayout(subject) : () => openLayoutArchive(subject);
}

/** Whether the subject is an archive, an executable or an image. A missing folder is reported as such. */
async function isNotFolder(subject: string): Promise<boolean> {
  const isFile = statSync(subject, { throwIfNoEntry: false })?.isFile() === true;
  return isFile || (await imageOpener(subject)) !== undefined;
}

function describe(
  { name, compared, files, differences }: Verification,
  signer: RequiredSigner | undefined,
): string {
  if (differences.length === 0) {
    const signed = signer === undefined ? '' : `, and signed by the owner of ${signerText(signer)}`;
    return `${name}: all ${files} files are what was packed (${compared.join(', ')})${signed}`;
  }
  const count = counted(differences.length, 'difference');
  return [`${name}: ${count}`, ...differences.map(describeDifference)].join('\n');
}

function signerText(signer: RequiredSigner): string {
  switch (signer.kind) {
    case 'key':
      return relative('', signer.path);
    case 'certificate':
      return signer.identity ?? `a certificate of ${relative('', signer.path)}`;
    case 'identity':
      return signer.identity;
  }
}

function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'changed':
      return `  changed   ${difference.path}: SHA-256 ${difference.found}, expected ${difference.expected}`;
    case 'missing':
      return `  missing   ${difference.path}`;
    case 'unlisted':
      return `  unlisted  ${difference.path}`;
  }
}
