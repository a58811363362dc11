import type { Command } from 'commander';

/** Adds the options of `Place`: the function's project and region, and the API endpoint. */
export function withPlaceFlags(command: Command): Command {
  return command
    .option('--project <id>', 'Google Cloud project')
    .option('--region <region>', 'Google Cloud region, e.g. europe-west1')
    .option('--endpoint-url <url>', 'API endpoint to use instead of Google’s');
}
