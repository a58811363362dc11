import { Command, CommanderError } from 'commander';
import { distance } from 'fastest-levenshtein';
import { ColdpressError } from '../errors.ts';
import { choicesHint } from '../nearest.ts';
import { explainSystemError } from '../system-error.ts';
import { homepage, version } from '../version.ts';
import { checkWords } from './check-words.ts';

export { explainSystemError };

/** Every command, in the order of the help. Each is loaded only when needed: together they load half of npm. */
export const commands: Record<string, () => Promise<Command>> = {
  init: async () => (await import('./init.ts')).initCommand(),
  inspect: async () => (await import('./inspect.ts')).inspectCommand(),
  fetch: async () => (await import('./fetch.ts')).fetchCommand(),
  types: async () => (await import('./types.ts')).typesCommand(),
  advise: async () => (await import('./advise.ts')).adviseCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  profile: async () => (await import('./profile.ts')).profileCommand(),
  pack: async () => (await import('./pack.ts')).packCommand(),
  image: async () => (await import('./image.ts')).imageCommand(),
  executable: async () => (await import('./executable.ts')).executableCommand(),
  sign: async () => (await import('./sign.ts')).signCommand(),
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
  drift: async () => (await import('./drift.ts')).driftCommand(),
};

/** The headings of `coldpress --help` and their commands, in order. A test checks that every command is here. */
export const groups: Record<string, string[]> = {
  'Start:': ['init', 'dev'],
  'Model:': ['inspect', 'advise', 'types', 'fetch', 'profile'],
  'Build:': ['pack', 'compile', 'image', 'executable', 'sign', 'verify'],
  'Run on this machine:': ['invoke', 'serve', 'batch', 'bench'],
  'Deploy:': ['deploy', 'promote', 'rollback'],
  'Watch:': ['drift'],
  'Help:': ['doctor'],
};

/**
 * Runs the command that `argv` names.
 * @param argv - in the form of `process.argv`
 * @throws ColdpressError; CommanderError if help or version was printed
 */
export async function main(argv: string[]): Promise<void> {
  const program = new Command('coldpress')
    .description(
      'Pack ONNX, LightGBM and XGBoost models into serverless functions and containers with short cold starts.',
    )
    .usage('<command> [options]')
    .version(await versionOf(argv[2]), '-V, --version', 'print the versions that a bug report needs')
    .addHelpText('after', `\nHelp of one command: coldpress <command> --help\nDocumentation: ${homepage}`)
    .commandsGroup('Help:')
    .addHelpCommand(
      new Command('help').argument('[command]').description('print the help of a command').helpGroup('Help:'),
    )
    .configureOutput(silent)
    .exitOverride();
  const named = commands[argv[2] ?? ''];
  // Without a known command, the help and the suggestion of a similar name need all of them.
  for (const name of named === undefined ? Object.values(groups).flat() : [argv[2]!]) {
    program.addCommand(await loadCommand(name));
  }
  if (named === undefined) {
    const { addCompletion } = await import('./completion.ts');
    addCompletion(program);
  }
  try {
    checkHelp(argv);
    if (named !== undefined && argv[2] !== 'doctor') {
      checkWords(program.commands[0]!, argv.slice(3));
    }
    await program.parseAsync(argv);
  } catch (error) {
    throw explainSystemError(await explainUsage(error, argv));
  }
}

/** Commander prints the whole help for `help` with an unknown command. @throws ColdpressError USAGE */
function checkHelp([, , help, name]: string[]): void {
  const names = [...Object.keys(commands), 'completion', 'help'];
  if (help === 'help' && name !== undefined && !name.startsWith('-') && !names.includes(name)) {
    throw new ColdpressError('USAGE', `unknown command '${name}'`, { hint: choicesHint(name, names) });
  }
}

/** Usage errors are reported like all others: with a code, once, by the caller. */
const silent = { outputError: () => {} };

async function loadCommand(name: string): Promise<Command> {
  const command = (await commands[name]!()).configureOutput(silent).exitOverride();
  const heading = Object.keys(groups).find(group => groups[group]!.includes(name))!;
  return command
    .helpGroup(heading)
    .addHelpText('after', `\nDocumentation: ${homepage}/blob/main/docs/commands/${name}.md`);
}

async function explainUsage(error: unknown, argv: readonly string[]): Promise<unknown> {
  if (!(error instanceof CommanderError) || /help|version/.test(error.code)) {
    return error;
  }
  // Commander puts its suggestion on a separate line, in brackets.
  const [message = '', nearest] = error.message.replace(/^error: /, '').split('\n');
  const [, flag, value, choices] =
    /^option '(--[a-z-]+).*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/.exec(message) ?? [];
  if (choices !== undefined) {
    const hint = choicesHint(value!, choices.split(', '));
    return new ColdpressError('OPTION_INVALID', `${flag} is ${value}`, { hint, cause: error });
  }
  const [, given, name, known] =
    /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/.exec(
      message,
    ) ?? [];
  if (known !== undefined) {
    const hint = choicesHint(given!, known.split(', '));
    return new ColdpressError('OPTION_INVALID', `unknown ${name} "${given}"`, { hint, cause: error });
  }
  const command = Object.hasOwn(commands, argv[2] ?? '') ? `${argv[2]} ` : '';
  const hint =
    (error.code === 'commander.unknownOption' ? await misplacedHint(message, argv) : undefined) ??
    nearest?.replace(/^\((.*)\)$/, '$1') ??
    `Run \`coldpress ${command}--help\` for the usage.`;
  return new ColdpressError('USAGE', message, { hint, cause: error });
}

/** An option that exists, but before its command, or of other commands: the nearest spelling would mislead. */
async function misplacedHint(message: string, argv: readonly string[]): Promise<string | undefined> {
  const flag = /^unknown option '(--[a-z-]+)/.exec(message)?.[1];
  if (flag === undefined) {
    return undefined;
  }
  if (argv[2] === flag) {
    const later = argv.slice(3).find(word => Object.hasOwn(commands, word)) ?? 'COMMAND';
    return `Options come after the command: coldpress ${later} ${flag}`;
  }
  const all = await Promise.all(Object.keys(commands).map(loadCommand));
  const having = all.filter(command => command.options.some(({ long }) => long === flag));
  const own = all.find(command => command.name() === argv[2]);
  const isMisspelled = own?.options.some(({ long }) => distance(long ?? '', flag) <= 1) === true;
  return isMisspelled || having.length === 0
    ? undefined
    : `${flag} is an option of ${having.map(command => command.name()).join(', ')}; coldpress ${argv[2]} --help lists its own.`;
}

/** Computed only for --version, because it probes the machine. */
async function versionOf(argument: string | undefined): Promise<string> {
  const isRequested = argument === '--version' || argument === '-V';
  return isRequested ? (await import('./version-text.ts')).versionText(process) : version;
}
