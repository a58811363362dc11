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
