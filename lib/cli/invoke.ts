import { inspect } from 'node:util';
import { Command } from 'commander';
import { type AwsInvokeResult, invokeAws } from '../aws/invoke.ts';
import { ColdpressError } from '../errors.ts';
import type { Answer, InvokeResult } from '../local/answer.ts';
import { invokeOnce } from '../local/invoke.ts';
import { type RunFlags, readArgument, runOptions, withRunFlags } from './flags.ts';
import { interruptSignal } from './interrupt.ts';

interface Flags extends RunFlags {
  event?: string;
  input?: string;
  aws?: string;
  region?: string;
  endpointUrl?: string;
}

const example = `
Example:
  $ coldpress pack model.onnx --out packed
  $ echo '{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}' | coldpress invoke packed --input -
  $ coldpress invoke --aws my-function:live --event event.json

With --aws the function is one that is deployed: it needs @aws-sdk/client-lambda, and credentials and region as the AWS
command line takes them. Exits with 2 where the function failed or answered with a status of 400 or more.
The function's log goes to stderr.`;

/** `coldpress invoke DIR`: one cold invocation under the local Lambda. */
export function invokeCommand(): Command {
  const command = new Command('invoke')
    .description('invoke a packed function once, cold, as its platform would, and show where its time went')
    .argument('[dir]', 'what `coldpress pack` wrote')
    .option('--aws <function>', 'one that is deployed: its name or ARN, with :alias or without')
    .option('--region <region>', 'with --aws (default: as for the AWS command line)')
    .option('--endpoint-url <url>', 'with --aws: a server in place of AWS’s, as of `coldpress serve`')
    .option(
      '--event <file>',
      'the event, JSON: Lambda’s, a CloudEvent or a Pub/Sub push body; - reads it from stdin',
    )
    .option('--input <file>', 'an Open Inference Protocol V2 request, JSON; - reads it from stdin');
  return withRunFlags(command)
    .addHelpText('after', example)
    .action(async (dir: string | undefined, flags: Flags) => {
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
  const signal = interruptSignal();
  const asked = {
    event: await readArgument('--event', flags.event),
    input: await readArgument('--input', flags.input),
  };
  if (flags.aws === undefined) {
    const result = await invokeOnce(dir!, { ...runOptions(flags, signal), ...asked });
    return { result, format: (colors: boolean) => formatResult(result, colors) };
  }
  const { region, endpointUrl } = flags;
  const result = await invokeAws(flags.aws, { ...asked, region, endpointUrl, signal });
  process.stderr.write(result.logs);
  return { result, format: (colors: boolean) => formatAwsResult(result, colors) };
}

/** @throws ColdpressError OPTION_CONFLICT, OPTION_INVALID */
function checkPlace(
  dir: string | undefined,
  { aws, memory, timeout, env, region, endpointUrl }: Flags,
): void {
  if ((dir === undefined) === (aws === undefined)) {
    const message = dir === undefined ? 'no function is named' : `${dir} and --aws ${aws} are both given`;
    throw new ColdpressError(dir === undefined ? 'OPTION_INVALID' : 'OPTION_CONFLICT', message, {
      hint: 'npx coldpress invoke DIR for a packed one, npx coldpress invoke --aws FUNCTION for one that is deployed',
    });
  }
  const local = Object.entries({ memory, timeout, env }).find(([, value]) => value !== undefined);
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

function formatHeading({ functionError, statusCode, answer }: Answer, colors: boolean): string[] {
  return [
    functionError === undefined ? `answer ${statusCode ?? ''}`.trim() : 'function error',
    typeof answer === 'string' ? answer : inspect(answer, { depth: null, breakLength: 110, colors }),
    '',
  ];
}

function formatAwsResult(result: AwsInvokeResult, colors: boolean): string {
  const where = `version ${result.executedVersion}, ${result.answerMs.toFixed(1)} ms with the network`;
  return [...formatHeading(result, colors), where, ''].join('\n');
}

function formatResult(result: InvokeResult, colors: boolean): string {
  const { phases, engine, node } = result;
  const where = `${result.runtimeClient}, Node ${node.version}${engine.kind === 'host' ? ", this machine's engine" : ''}`;
  // Of the function's own phases, the first inference belongs to the answer; what comes before it, to INIT.
  const own = (isAnswer: boolean) =>
    phases.inside
      .filter(({ name }) => (name === 'first') === isAnswer)
      .map(({ name, ms }) => ({ name: `  ${name}`, ms }));
  const rows = [
    { name: 'init', ms: phases.initMs },
    ...own(false),
    { name: 'answer', ms: phases.answerMs },
    ...own(true),
    { name: 'total', ms: phases.totalMs },
  ];
  return [
    ...formatHeading(result, colors),
    `cold start (${where})`,
    ...rows.map(row => formatPhase(row, phases.totalMs)),
    ...(engine.note === undefined ? [] : [`note: ${engine.note}`]),
    ...(node.matches
      ? []
      : [`note: no Node of the target's major version found; this ran on ${node.version}`]),
    '',
  ].join('\n');
}

const barWidth = 40;

function formatPhase({ name, ms }: { name: string; ms: number }, totalMs: number): string {
  const bar = '█'.repeat(Math.round((ms / totalMs) * barWidth)) || '▏';
  return `  ${name.padEnd(10)} ${ms.toFixed(1).padStart(9)} ms  ${bar}`;
}
