import { Command, Option } from 'commander';
import { benchAws } from '../bench/aws/bench-aws.ts';
import { readSampledBase } from '../bench/base.ts';
import { bench } from '../bench/bench.ts';
import { checkComparable } from '../bench/comparable.ts';
import { type Comparison, compare } from '../bench/compare.ts';
import { benchGcf } from '../bench/gcf/bench-gcf.ts';
import { placeOfUrl } from '../bench/gcf/place-of-url.ts';
import { type BaselineName, type BenchOptions, variantNames } from '../bench/options.ts';
import { formatTerminal } from '../bench/report/terminal.ts';
import { prepareReport, writeReport } from '../bench/report/write.ts';
import { restoreFunctions } from '../bench/restore.ts';
import type { BenchResult } from '../bench/result.ts';
import { ColdpressError } from '../errors.ts';
import { hostOf } from '../local/host.ts';
import { type BenchFlags, checkWhat, sourcesOf } from './bench-flags.ts';
import { readArgument, wholeNumber } from './flags.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

const example = `
Example:
  $ coldpress bench packed --event event.json --baseline naive --model model.onnx --baseline hello
  $ coldpress bench packed --event event.json --json > base.json
  $ coldpress bench packed --event event.json --compare base.json --fail-above 5%
  $ coldpress bench --gcf my-function --project my-project --region europe-west1 --input request.json
  $ coldpress bench --aws my-function --event event.json --samples 10 --memory 512,1024,1769

Exits with 3 if --fail-above is exceeded.`;

/** `coldpress bench DIR...`: measures cold starts on this machine. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure cold starts of packed functions: fresh processes, side by side, phase by phase')
    .argument('[dir...]', 'artifact folders written by `coldpress pack`')
    .option(
      '--aws <function>',
      'benchmark a deployed Lambda function instead of artifacts; each sample restarts it; repeatable',
      (name, others: string[] | undefined) => [...(others ?? []), name],
    )
    .option(
      '--gcf <function>',
      'benchmark a deployed Google function instead, by name or URL; each sample is a new revision',
    )
    .option('--project <id>', 'Google Cloud project, with --gcf and a function name')
    .option('--region <region>', 'region, with --aws or --gcf (default with --aws: that of the AWS CLI)')
    .option('--endpoint-url <url>', 'with --aws or --gcf: API endpoint to use instead of the platform’s')
    .option('--allow-traffic', 'with --aws: measure even if the function receives traffic')
    .option('--restore', 'undo what an interrupted benchmark changed, then exit')
    .option('--event <file>', 'JSON file with the event to send to every function; - reads stdin')
    .option(
      '--input <file>',
      'JSON file with an Open Inference Protocol request (default: generated from the signature)',
    )
    .option('--samples <number>', 'cold starts per function (default: 30)', wholeNumber('--samples'))
    .option('--discard <rounds>', 'warm-up rounds that are discarded (default: 3)', wholeNumber('--discard'))
    .option('--warm <number>', 'warm requests per process (default: 10)', wholeNumber('--warm'))
    .option(
      '--memory <MB,...>',
      'memory sizes in MB, each with its share of CPU (default: the size that gets the whole machine)',
      memoryList,
    )
    .option('--cold-disk', 'read every file from the disk, not from memory')
    .addOption(
      new Option('--baseline <name>', 'also measure a baseline written without coldpress; repeatable')
        .choices(['naive', 'hello'])
        .argParser((name, others: BaselineName[] | undefined) => [...(others ?? []), baseline(name)]),
    )
    .option('--model <file>', 'model for the naive baseline (default: that of the config)')
    .option(
      '--seed <number>',
      'random seed for intervals and the generated request (default: 1)',
      wholeNumber('--seed'),
    )
    .option(
      '--requests-per-month <number>',
      'requests per month, for the cost (default: 10000)',
      wholeNumber('--requests-per-month'),
    )
    .option('--compare <file>', 'an earlier result, written by --json')
    .option(
      '--fail-above <percent>',
      'with --compare: exit 3 if anything got slower by more than this, e.g. 5%',
      percent,
    )
    .option('--report <dir>', 'write HTML, SVG, Markdown and JSON reports to this folder')
    .option('--json', 'print one JSON object with every sample')
    .addHelpText('after', example)
    .action(run);
}

async function run(dirs: string[], flags: BenchFlags): Promise<void> {
  if (flags.restore === true) {
    const restored = await withProgress(onProgress =>
      restoreFunctions({ host: hostOf(process), onProgress, evenRunning: true }),
    );
    process.stdout.write(
      `${flags.json === true ? JSON.stringify({ restored }) : describeRestored(restored)}\n`,
    );
    return;
  }
  checkWhat(dirs, flags);
  if (flags.failAbove !== undefined && flags.compare === undefined) {
    throw new ColdpressError('OPTION_CONFLICT', '--fail-above needs --compare', {
      hint: 'Add the results to compare with: --compare base.json.',
    });
  }
  // Checked before the measurement, which takes a while.
  const base = flags.compare === undefined ? undefined : await readSampledBase(flags.compare);
  if (base !== undefined) {
    const names = variantNames(sourcesOf(dirs, flags), flags.memory);
    checkComparable({ disk: flags.coldDisk === true ? 'cold' : 'warm', names }, base);
  }
  if (flags.report !== undefined) {
    await prepareReport(flags.report, [flags.event, flags.input, flags.compare]);
  }
  const { event, input, memory, baseline: baselines, failAbove = null } = flags;
  const signal = interruptSignal();
  const result = await withProgress(async onProgress => {
    const options = {
      ...flags,
      host: hostOf(process),
      event: await readArgument('--event', event),
      input: await readArgument('--input', input),
      memoryMb: memory,
      baselines,
      onProgress,
      signal,
    };
    return benchWhat(dirs, flags, options);
  });
  const comparison = base === undefined ? undefined : compare(result, base, failAbove);
  print(result, comparison, flags);
  if (flags.report !== undefined) {
    await writeReport(flags.report, result, comparison);
  }
  if (comparison?.changes.some(({ verdict }) => verdict === 'slower')) {
    process.exitCode = 3;
  }
}

async function benchWhat(
  dirs: string[],
  { aws, gcf, ...flags }: BenchFlags,
  options: BenchOptions,
): Promise<BenchResult> {
  if (aws === undefined && gcf === undefined) {
    return bench(dirs, options);
  }
  await restoreFunctions(options);
  return aws === undefined
    ? benchGcf({ ...options, endpointUrl: flags.endpointUrl, ...placeOfUrl(gcf!, flags) })
    : benchAws({ ...options, functionNames: aws });
}

function describeRestored(names: string[]): string {
  return names.length === 0 ? 'nothing to restore' : `restored: ${names.join(', ')}`;
}

function print(result: BenchResult, comparison: Comparison | undefined, { json }: BenchFlags): void {
  const text =
    json === true
      ? `${JSON.stringify({ ...result, ...(comparison === undefined ? {} : { comparison }) })}\n`
      : formatTerminal(result, process.stdout.isTTY === true, comparison);
  process.stdout.write(text);
}

function baseline(name: string): BaselineName {
  if (name === 'naive' || name === 'hello') {
    return name;
  }
  throw new ColdpressError('OPTION_INVALID', `--baseline is ${name}`, { hint: 'There are naive and hello.' });
}

function memoryList(text: string): number[] {
  return text.split(',').map(wholeNumber('--memory'));
}

function percent(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text) ?? [];
  if (number === undefined) {
    throw new ColdpressError('OPTION_INVALID', `--fail-above is ${text}`, { hint: 'Write it as 5%.' });
  }
  return Number(number) / 100;
}
