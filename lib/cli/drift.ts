import { Command } from 'commander';
import { findDrift } from '../drift/drift.ts';
import { formatDrift } from '../drift/format.ts';
import { readLabels } from '../drift/labels/read-labels.ts';
import { parseTime } from '../drift/logs/window.ts';
import { openProfile } from '../drift/open-profile.ts';
import { ColdpressError } from '../errors.ts';
import type { Place } from '../gcp/place.ts';
import { positiveNumber, wholeNumber } from './flags.ts';
import { checkPageFile, writePage } from './page-file.ts';
import { withProgress } from './progress.ts';

interface Flags extends Place {
  profile: string;
  since: string;
  until?: string;
  fromVersion?: string;
  toVersion?: string;
  labels?: string;
  alpha?: number;
  looks?: number;
  seed?: number;
  html?: string;
  json?: true;
}

const example = `
Examples:
  $ coldpress drift churn --profile build
  $ coldpress drift churn --profile build --project my-project --region europe-west1
  $ coldpress drift churn --profile build --from-version 6 --to-version 7 --since 14d
  $ aws logs tail /aws/lambda/churn --since 1d | coldpress drift - --profile profile.json --html drift.html
  $ coldpress drift export.gz --profile build --labels labels.csv

A name needs @aws-sdk/client-cloudwatch-logs, or with --project @google-cloud/functions, and credentials.
Exits with 3 if something drifted, otherwise with 0.`;

/** `coldpress drift NAME|LOG...`: compares inputs and outputs with those of the reference data. */
export function driftCommand(): Command {
  return new Command('drift')
    .description(
      'compare the data that a function received with its reference data: drift of inputs, outputs and performance',
    )
    .argument('<source...>', 'log files, - for stdin, or names of deployed functions (or log groups of AWS)')
    .option(
      '--profile <path>',
      'profile that the function was packed with, or the folder that `coldpress pack` wrote',
      'profile.json',
    )
    .option('--since <time>', 'start of the window: a date in UTC, or a time ago', '7d')
    .option('--until <time>', 'end of the window (default: now)')
    .option('--from-version <version>', 'compare with this version instead of the profile')
    .option('--to-version <version>', 'judge only this version (default: all)')
    .option('--labels <file>', 'true labels: a CSV or JSON Lines file with the columns id and label')
    .option(
      '--alpha <probability>',
      'probability of any false alarm (default: 0.05)',
      positiveNumber('--alpha', { most: 0.5 }),
    )
    .option(
      '--looks <number>',
      'number of runs to which --alpha applies; 365 is daily for a year (default: 365)',
      wholeNumber('--looks'),
    )
    .option('--seed <number>', 'seed of the simulation (default: 1)', wholeNumber('--seed'))
    .option('--project <id>', 'Google Cloud project of the functions (default: they are on AWS)')
    .option('--region <region>', 'region of the functions, e.g. europe-west1')
    .option('--endpoint-url <url>', 'API endpoint to use instead of the platform’s')
    .option('--html <file>', 'write a page with the distributions and a timeline')
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(run);
}

async function run(sources: string[], flags: Flags): Promise<void> {
  const now = Date.now();
  const sinceMs = parseTime('--since', flags.since, now);
  const untilMs =
    flags.until === undefined ? Number.POSITIVE_INFINITY : parseTime('--until', flags.until, now);
  if (sinceMs >= untilMs) {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      `--since ${flags.since} is not before --until ${flags.until}`,
      {
        hint: 'Choose an earlier --since.',
      },
    );
  }
  if (flags.looks === 0) {
    throw new ColdpressError('OPTION_INVALID', '--looks is 0', { hint: 'Use 1 or more.' });
  }
  await checkPageFile(flags.html, [...sources, flags.profile, flags.labels]);
  const labels = flags.labels === undefined ? undefined : await readLabels(flags.labels);
  const { profile, manifest } = openProfile(flags.profile);
  const report = await withProgress(async onProgress => {
    onProgress('reading logs');
    return findDrift({
      ...flags,
      sources,
      profile,
      manifest,
      labels,
      sinceMs,
      untilMs,
      stdin: process.stdin,
      today: new Date(now),
    });
  });
  if (flags.html !== undefined) {
    const { formatDriftPage } = await import('../drift/report/page.ts');
    await writePage(flags.html, await formatDriftPage(report));
  }
  process.stdout.write(
    flags.json ? `${JSON.stringify(report)}\n` : formatDrift(report, process.stdout.isTTY === true),
  );
  process.exitCode = report.drifted ? 3 : 0;
}
