import { SBOM_FILE } from '../../contract/files.ts';
import { embedded } from '../embedded.ts';
import type { CommandScope } from './command-scope.ts';
import { scoreInput } from './score-input.ts';
import { verifyFiles } from './verify-files.ts';

type Command = (args: readonly string[], scope: CommandScope) => Promise<number> | number;

const usage = `Usage: serve                          answer HTTP on $PORT (default: 8080)
       score [--format csv|jsonl]     score stdin to stdout (default: by its first character)
             [--outputs NAME,NAME]    with outputs that are computed only on request
       verify                         compare every file with the manifest
       sbom                           print the bill of materials of this executable, in CycloneDX
       clean                          delete the files that other versions of this executable have left

score and verify exit with 0 if all is well, with 3 if a record failed or a file differs.
`;

const commands: Record<string, Command> = {
  score: scoreInput,
  verify: verifyFiles,
  sbom(_, { process }) {
    const bytes = embedded?.read(SBOM_FILE);
    if (bytes === undefined) {
      throw new Error('only an executable has its bill of materials inside');
    }
    process.stdout.write(bytes);
    return 0;
  },
  clean(_, { process }) {
    for (const folder of embedded?.clean() ?? []) {
      process.stdout.write(`deleted ${folder}\n`);
    }
    return 0;
  },
  '--help'(_, { process }) {
    process.stdout.write(usage);
    return 0;
  },
};

/** Runs `score`, `verify` or `clean`, and sets the exit code; the process ends by itself once stdout is written. */
export async function runCommand(args: readonly string[], scope: CommandScope): Promise<void> {
  const { process } = scope;
  const [name = '', ...others] = args;
  process.stdout.on('error', error => {
    // The reader, such as head, has closed the pipe.
    process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1);
  });
  try {
    process.exitCode = await commands[name]!(others, scope);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
