import { relative } from 'node:path';
import { Command } from 'commander';
import { ColdpressError } from '../errors.ts';
import { signArtifact } from '../verify/sign.ts';

interface Flags {
  key?: string;
  fulcioUrl?: string;
  rekorUrl?: string;
  json?: true;
}

const example = `
Without --key, it signs with the identity of the CI job and a sigstore certificate that is valid for minutes, and
records the signature in a public log. It needs the OIDC token of GitHub Actions (permissions: id-token: write), or
SIGSTORE_ID_TOKEN.

Example:
  $ coldpress sign build --key private.pem
  $ coldpress verify build --key public.pem
  $ coldpress sign build
  $ coldpress verify build --identity https://github.com/me/churn/.github/workflows/pack.yml@refs/heads/main \\
      --issuer https://token.actions.githubusercontent.com`;

/** `coldpress sign`: signs every file of an artifact. */
export function signCommand(): Command {
  return new Command('sign')
    .description('sign every file of an artifact, for `coldpress verify`')
    .argument('[dir]', 'artifact folder written by `coldpress pack`', 'build')
    .option('--key <file>', 'private key, in PEM (default: sign with the identity of the CI job)')
    .option('--fulcio-url <url>', 'authority that issues the certificate (default: the public sigstore)')
    .option('--rekor-url <url>', 'log that records the signature (default: the public sigstore)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(async (dir: string, { key, fulcioUrl, rekorUrl, json }: Flags) => {
      const other = fulcioUrl === undefined ? rekorUrl && '--rekor-url' : '--fulcio-url';
      if (key !== undefined && other) {
        throw new ColdpressError('OPTION_CONFLICT', `--key and ${other} cannot be used together`, {
          hint: 'a key needs neither an authority nor a log',
        });
      }
      const path = await signArtifact(
        dir,
        key === undefined ? { keyless: { fulcioUrl, rekorUrl, env: process.env } } : { key },
      );
      console.log(json ? JSON.stringify({ path }) : `signed: ${relative(process.cwd(), path)}`);
    });
}
