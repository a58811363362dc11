import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { inspectCommand } from './inspect.ts';
import { invokeCommand } from './invoke.ts';
import { packCommand } from './pack.ts';
import { serveCommand } from './serve.ts';

const commands = [inspectCommand, packCommand, invokeCommand, serveCommand];

/**
 * Runs the command that `argv` names.
 * @param argv - as `process.argv`
 * @throws ColdpressError; CommanderError for a wrong use, which has already been printed
 */
export async function main(argv: string[]): Promise<void> {
  const program = new Command('coldpress')
    .description(
      'pack an ONNX model into a serverless function that starts cold as fast as the hardware allows',
    )
    .version(version)
    .exitOverride();
  for (const command of commands) {
    program.addCommand(command().exitOverride());
  }
  await program.parseAsync(argv);
}

export { CommanderError };
