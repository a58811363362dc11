import { relative } from 'node:path';
import { Command } from 'commander';
import { signArtifact } from '../verify/sign.ts';

const example = `
Example:
  $ coldpress sign build --key private.pem
  $ coldpress verify build --key public.pem`;

/** `coldpress sign`: a signature of every file of an artifact. */
export function signCommand(): Command {
  return new Command('sign')
    .description('sign every file of an artifact with a private key, in the form of OpenSSF Model Signing')
    .argument('[dir]', 'what `coldpress pack` wrote', 'build')
    .requiredOption('--key <file>', 'the private key, in PEM')
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(async (dir: string, { key, json }: { key: string; json?: true }) => {
      const path = await signArtifact(dir, key);
      console.log(json ? JSON.stringify({ path }) : `wrote ${relative(process.cwd(), path)}`);
    });
}
