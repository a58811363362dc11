import { Command, CommanderError } from 'commander';
import { ColdpressError } from '../errors.ts';
import { explainSystemError } from '../system-error.ts';
import { version } from '../version.ts';

/** Every command, in the order of the help. Loaded when named: together they load half of npm. */
export const commands: Record<string, () => Promise<Command>> = {
  init: async () => (await import('./init.ts')).initCommand(),
  inspect: async () => (await import('./inspect.ts')).inspectCommand(),
  fetch: async () => (await import('./fetch.ts')).fetchCommand(),
  types: async () => (await import('./types.ts')).typesCommand(),
  advise: async () => (await import('./advise.ts')).adviseCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  pack: async () => (await import('./pack.ts')).packCommand(),
  image: async () => (await import('./image.ts')).imageCommand(),
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  compile: async () => (await import('./compile.ts')).compileCommand(),
  invoke: async () => (await import('./invoke.ts')).invokeCommand(),
  dev: async () => (await import('./dev.ts')).devCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  batch: async () => (await import('./batch.ts')).batchCommand(),
  bench: async () => (await import('./bench.ts')).benchCommand(),
  deploy: async () => (await import('./deploy.ts')).deployCommand(),
  promote: async () => (await import('./promote.ts')).promoteCommand(),
  rollback: async () => (await import('./rollback.ts')).rollbackCommand(),
};

/**
 * Runs the command that `argv` names.
 * @param argv - as `process.argv`
 * @throws ColdpressError; CommanderError where help or version has been printed
 */
export async function main(argv: string[]): Promise<void> {
  const program = new Command('coldpress')
    .description(
      'pack an ONNX model into a serverless function that starts cold as fast as the hardware allows',
    )
    .version(await versionOf(argv[2]))
    .configureOutput(silent)
    .exitOverride();
  const named = commands[argv[2] ?? ''];
  // Without a name that is known, the help and the nearest valid name need them all.
  for (const load of named === undefined ? Object.values(commands) : [named]) {
    program.addCommand((await load()).configureOutput(silent).exitOverride());
  }
  if (named === undefined) {
    const { default: complete } = await import('@bomb.sh/tab/commander');
    complete(program, { completionCommandName: 'completion' });
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    throw explainSystemError(explainUsage(error, named === undefined ? '' : `${argv[2]} `));
  }
}

/** Refusals of the command line are told as all others are: with a code, once, by whoever catches them. */
const silent = { outputError: () => {} };

function explainUsage(error: unknown, command: string): unknown {
  if (!(error instanceof CommanderError) || /help|version/.test(error.code)) {
    return error;
  }
  // Commander puts the nearest valid name on a line of its own, in brackets.
  const [message = '', nearest] = error.message.replace(/^error: /, '').split('\n');
  return new ColdpressError('USAGE', message, {
    hint: nearest?.replace(/^\((.*)\)$/, '$1') ?? `coldpress ${command}--help shows what there is`,
    cause: error,
  });
}

/** Only for who asks: it looks around the machine. */
async function versionOf(argument: string | undefined): Promise<string> {
  const isAsked = argument === '--version' || argument === '-V';
  return isAsked ? (await import('./version-text.ts')).versionText(process) : version;
}
