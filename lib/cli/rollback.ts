import { Command } from 'commander';
import { type Place, resolvePlace } from '../gcp/place.ts';
import { rollback } from '../gcp/promote.ts';
import { withPlaceFlags } from './place-flags.ts';
import { withProgress } from './progress.ts';

const timeoutMs = 300_000;

/** `coldpress rollback NAME`: all traffic to the revision before. */
export function rollbackCommand(): Command {
  const command = new Command('rollback')
    .description('send all traffic of a function on Google Cloud to the revision before')
    .argument('<name>', 'of the function');
  return withPlaceFlags(command)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ coldpress rollback churn --project my-project --region europe-west1',
    )
    .action(async (name: string, flags: Place & { json?: true }) => {
      const place = resolvePlace(flags, name);
      const moved = await withProgress(onProgress => rollback(place, { onProgress, timeoutMs }));
      console.log(flags.json ? JSON.stringify(moved) : `${moved.from} -> ${moved.to}`);
    });
}
