import { Command } from 'commander';
import { type Place, resolvePlace } from '../gcp/place.ts';
import { promote } from '../gcp/promote.ts';
import { withPlaceFlags } from './place-flags.ts';
import { withProgress } from './progress.ts';

const timeoutMs = 300_000;

/** `coldpress promote NAME`: sends all traffic to a tagged revision or to the latest. */
export function promoteCommand(): Command {
  const command = new Command('promote')
    .description('send all traffic of a Google Cloud function to a tagged or the latest revision')
    .argument('<name>', 'function name');
  return withPlaceFlags(command)
    .option('--tag <tag>', 'tag of the revision (default: the latest revision)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ coldpress promote churn --tag next --project my-project --region europe-west1',
    )
    .action(async (name: string, flags: Place & { tag?: string; json?: true }) => {
      const place = resolvePlace(flags, name);
      const moved = await withProgress(onProgress =>
        promote(place, { onProgress, timeoutMs, tag: flags.tag }),
      );
      console.log(flags.json ? JSON.stringify(moved) : `${moved.from} -> ${moved.to}`);
    });
}
