import type { Command } from 'commander';

/** Adds the options of `Place`: which function, and by which server it is asked. */
export function withPlaceFlags(command: Command): Command {
  return command
    .option('--project <id>', 'the project of Google Cloud')
    .option('--region <region>', 'europe-west1')
    .option('--endpoint-url <url>', 'a server in place of Google’s');
}
