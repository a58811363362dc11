import { extname, relative } from 'node:path';
import { Command } from 'commander';
import { openArtifact } from '../artifact.ts';
import { invokeAws } from '../aws/invoke.ts';
import { ColdpressError } from '../errors.ts';
import { invokeOnce } from '../local/invoke.ts';
import { frameReader } from '../local/log/frames.ts';
import { functionLog } from '../local/log/function-log.ts';
import { splitLog } from '../local/log/split-log.ts';
import type { RecordBody } from '../local/model-request.ts';
import type { Question } from '../local/question.ts';
import { makeSample, recordSample, sampleEvents } from '../local/sample-events/make.ts';
import { findStale } from '../sources.ts';
import { type RunFlags, readArgument, runOptions, withRunFlags } from './flags.ts';
import { interruptSignal } from './interrupt.ts';
import { formatAwsResult, formatResult } from './invoke-summary.ts';

interface Flags extends RunFlags {
  event?: string;
  input?: string;
  record?: string;
  sample?: string;
  print?: true;
  verbose?: true;
  aws?: string;
  region?: string;
  endpointUrl?: string;
}

const example = `
Examples:
  $ coldpress pack --config examples/breast-cancer/coldpress.config.ts --out build/example
  $ coldpress invoke build/example
  $ coldpress invoke build/example --record examples/breast-cancer/record.json
  $ coldpress invoke build/example --sample sqs
  $ coldpress invoke build/example --sample sqs --print > event.json
  $ coldpress invoke --aws my-function:live --event event.json

Without an event, record or input, it scores the artifact's first sample, or its golden vector if there are no samples.
Results for sinks are printed and not delivered, unless you add --deliver or set where they go with --env.
--aws needs @aws-sdk/client-lambda, and credentials and a region as for the AWS CLI.
Exits with 2 if the function failed or answered with a status of 400 or more.
The function's own output goes to stderr; with --verbose, so does the whole log.`;

/** `coldpress invoke DIR`: runs one cold invocation under the local Lambda. */
export function invokeCommand(): Command {
  const command = new Command('invoke')
    .description('invoke a packed function once, with a cold start, and show where the time goes')
    .argument('[dir]', 'artifact folder written by `coldpress pack` (default: build)')
    .option(
      '--aws <function>',
      'invoke a deployed Lambda function instead: name or ARN, with or without :alias',
    )
    .option('--region <region>', 'with --aws: region (default: that of the AWS CLI)')
    .option(
      '--endpoint-url <url>',
      'with --aws: API endpoint to use instead of AWS’s, for example that of `coldpress serve`',
    )
    .option(
      '--record <file>',
      'file with a record or an array of records, JSON or JSON Lines; - reads JSON from stdin',
    )
    .option(
      '--event <file>',
      'JSON file with an event: of Lambda, a CloudEvent or a Pub/Sub push body; - reads stdin',
    )
    .option(
      '--sample <source>',
      `send a sample event of this source, filled with the artifact’s first sample or with --record: record, ${sampleEvents.map(({ name }) => name).join(', ')}`,
    )
    .option('--print', 'print what --sample would send, without invoking anything')
    .option('--input <file>', 'JSON file with an Open Inference Protocol V2 request; - reads stdin')
    .option(
      '--verbose',
      'print the whole log of the function and the platform, and the time of each phase of the cold start',
    );
  return withRunFlags(command)
    .addHelpText('after', example)
    .action(async (dir: string | undefined, flags: Flags) => {
      if (flags.print === true) {
        process.stdout.write(`${await sampleText(dir ?? 'build', flags)}\n`);
        return;
      }
      const colors = process.stdout.isTTY;
      const { result, text } = await run(dir, flags).then(({ result, format }) => ({
        result,
        text: flags.json === true ? `${JSON.stringify(result)}\n` : format(colors),
      }));
      process.stdout.write(text);
      if (result.functionError !== undefined || (result.statusCode ?? 200) >= 400) {
        process.exitCode = 2;
      }
    });
}

async function run(dir: string | undefined, flags: Flags) {
  checkPlace(dir, flags);
  const packed = dir ?? 'build';
  const signal = interruptSignal();
  const inputs = {
    event: await readArgument('--event', flags.event),
    input: await readArgument('--input', flags.input),
    record: await readRecord(flags.record),
  };
  if (flags.aws === undefined) {
    await reportStale(packed);
    const question =
      flags.sample === undefined ? inputs : { ...inputs, ...(await sampleOf(packed, flags.sample, inputs)) };
    const options = runOptions(flags, signal);
    const onLog = flags.verbose ? options.onLog : ownOutput(packed, process.cwd());
    const result = await invokeOnce(packed, { ...options, onLog, ...question });
    const isVerbose = flags.verbose === true;
    return { result, format: (colors: boolean) => formatResult(result, { colors, isVerbose }) };
  }
  const { region, endpointUrl } = flags;
  const result = await invokeAws(flags.aws, { ...inputs, region, endpointUrl, signal });
  process.stderr.write(flags.verbose ? result.logs : textOf(result.logs));
  return { result, format: (colors: boolean) => formatAwsResult(result, colors) };
}

/** Prints what the function prints, without the lines of the platform, telemetry and exceptions. */
function ownOutput(dir: string, cwd: string): (text: string) => void {
  const { push } = functionLog(frameReader(dir, cwd), {
    telemetryMs: 0,
    onEvent(event) {
      if (event.kind === 'output') {
        process.stderr.write(`${event.text}\n`);
      }
    },
  });
  return push;
}

/** The end of a log of AWS, without the lines of the platform and telemetry. */
function textOf(log: string): string {
  const texts = splitLog(log).flatMap(entry => (entry.kind === 'text' ? [entry.text.trim()] : []));
  return texts
    .filter(text => text !== '')
    .map(text => `${text}\n`)
    .join('');
}

/** The sample event for `--sample`; it replaces the record that it contains. */
async function sampleOf(dir: string, sample: string, { event, input, record }: Question): Promise<Question> {
  const other = event !== undefined ? 'event' : input !== undefined ? 'input' : undefined;
  if (other !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', `--sample and --${other} cannot be combined`, {
      hint: '--sample makes the event; --record fills it with a record of your own',
    });
  }
  const { manifest } = openArtifact(dir);
  const made = await makeSample(dir, manifest, { sample, record: record?.text, now: new Date() });
  return { record: undefined, ...made };
}

/** The output of `--print`. */
async function sampleText(dir: string, flags: Flags): Promise<string> {
  checkPlace(dir, flags);
  const inputs = { record: await readRecord(flags.record) };
  const { event, record } = await sampleOf(dir, flags.sample ?? recordSample, inputs);
  return event ?? record!.text;
}

/** Content types that `POST /` accepts. */
const contentTypes: Record<string, string> = {
  '.jsonl': 'application/jsonl',
  '.ndjson': 'application/jsonl',
};

async function readRecord(file: string | undefined): Promise<RecordBody | undefined> {
  const text = await readArgument('--record', file);
  const contentType = contentTypes[extname(file ?? '').toLowerCase()];
  return text === undefined ? undefined : { text, ...(contentType && { contentType }) };
}

/** Warns about a model that changed since the pack, whose answers would otherwise be confusing. */
async function reportStale(dir: string): Promise<void> {
  const [first, ...others] = (await findStale(dir)).map(path => relative(process.cwd(), path));
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    process.stderr.write(`note: ${first}${more} changed since ${dir} was packed; run npx coldpress pack\n`);
  }
}

/** @throws ColdpressError OPTION_CONFLICT */
function checkPlace(
  dir: string | undefined,
  { aws, memory, timeout, env, sample, deliver, region, endpointUrl }: Flags,
): void {
  if (dir !== undefined && aws !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', `${dir} and --aws ${aws} cannot be combined`, {
      hint: 'npx coldpress invoke DIR for a packed one, npx coldpress invoke --aws FUNCTION for one that is deployed',
    });
  }
  const local = Object.entries({ memory, timeout, env, sample, deliver }).find(
    ([, value]) => value !== undefined,
  );
  const remote = Object.entries({ region, 'endpoint-url': endpointUrl }).find(
    ([, value]) => value !== undefined,
  );
  const misplaced = aws === undefined ? remote : local;
  if (misplaced !== undefined) {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      `--${misplaced[0]} does not go with ${aws === undefined ? 'a packed function' : '--aws'}`,
      {
        hint: 'leave it out',
      },
    );
  }
}
