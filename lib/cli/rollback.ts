import { Command } from 'commander';
import { pruneVersions } from '../aws/prune.ts';
import { rollbackAws } from '../aws/rollback.ts';
import { ColdpressError } from '../errors.ts';
import { type Place, resolvePlace } from '../gcp/place.ts';
import { rollback } from '../gcp/promote.ts';
import { withPlaceFlags } from './place-flags.ts';
import { withProgress } from './progress.ts';

type Flags = Place & { aws?: true; alias?: string; to?: string; prune?: number; json?: true };

const timeoutMs = 300_000;

/** `coldpress rollback NAME`: sends all traffic to the previous revision or version. */
export function rollbackCommand(): Command {
  const command = new Command('rollback')
    .description('send all traffic of a function to the previous revision or version')
    .argument('<name>', 'function name');
  return withPlaceFlags(command)
    .option('--aws', 'roll back an AWS Lambda function by pointing its alias to an earlier version')
    .option('--alias <alias>', 'with --aws: alias to move (default: live)')
    .option(
      '--to <version>',
      'version, or revision on Google, to roll back to (default: the newest before the current one)',
    )
    .option(
      '--prune <count>',
      'with --aws: delete all but the newest COUNT versions and those of aliases, without rolling back',
      Number,
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ coldpress rollback churn --project my-project --region europe-west1
  $ coldpress rollback churn --project my-project --region europe-west1 --to churn-00007-abc
  $ coldpress rollback churn --aws
  $ coldpress rollback churn --aws --prune 5

--aws needs @aws-sdk/client-lambda, and credentials and region as the AWS command line takes them.`,
    )
    .action(async (name: string, flags: Flags) => {
      if (flags.prune !== undefined) {
        return printPruned(name, { ...flags, prune: flags.prune });
      }
      const moved =
        flags.aws === true
          ? await rollbackAws({ ...flags, functionName: name })
          : await onGoogle(name, flags);
      console.log(flags.json ? JSON.stringify(moved) : `${moved.from} -> ${moved.to}`);
    });
}

async function printPruned(functionName: string, flags: Flags & { prune: number }): Promise<void> {
  const other = (['alias', 'to'] as const).find(flag => flags[flag] !== undefined);
  if (other !== undefined || flags.aws !== true) {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      other === undefined ? '--prune is for --aws' : `--prune and --${other} cannot be combined`,
      { hint: '--prune deletes versions and moves no alias: coldpress rollback NAME --aws --prune 5' },
    );
  }
  const { region, endpointUrl, prune: keep } = flags;
  const pruned = await pruneVersions({ functionName, region, endpointUrl, keep });
  const listed = (versions: number[]) => versions.join(', ') || 'none';
  console.log(
    flags.json ? JSON.stringify(pruned) : `deleted: ${listed(pruned.deleted)}; kept: ${listed(pruned.kept)}`,
  );
}

function onGoogle(name: string, flags: Flags) {
  if (flags.alias !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', '--alias is for --aws', {
      hint: 'add --aws, or leave it out',
    });
  }
  const place = resolvePlace(flags, name);
  return withProgress(onProgress => rollback(place, { onProgress, timeoutMs, to: flags.to }));
}
