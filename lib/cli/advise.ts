import { Command, Option } from 'commander';
import { type Advice, advise } from '../advise/advise.ts';
import { formatAdvice } from '../advise/format.ts';
import { type Facts, measuredFacts } from '../advise/model-facts.ts';
import { clouds, type Given, integrators, type Shape, shapes } from '../advise/situation.ts';
import { ColdpressError } from '../errors.ts';
import { quote } from '../shell-command.ts';
import { advisedModel, isArtifact } from './advised-model.ts';
import { configuredModel, modelFile } from './configured-model.ts';
import { positiveNumber } from './flags.ts';
import { interruptSignal } from './interrupt.ts';
import { checkPageFile, writePage } from './page-file.ts';
import { withProgress } from './progress.ts';

interface Flags {
  requests?: number;
  shape?: Shape;
  latency?: number;
  payload?: number;
  gpu?: true;
  dependencies?: true;
  environment?: true;
  devices?: true;
  integrators?: Given['integrators'];
  cloud?: Given['cloud'];
  modelSize?: number;
  coldMs?: number;
  warmMs?: number;
  bench?: string;
  html?: string;
  json?: true;
}

/** No number of the command may be larger. */
const number = (flag: string) => positiveNumber(flag, { most: 1e12 });

const example = `
Example:
  $ coldpress advise examples/breast-cancer/model.onnx --requests 200000
  $ coldpress advise model.onnx --requests 5e6 --shape office --latency 300 --bench bench.json --html advice.html

The answer lists what it had to assume.`;

/** `coldpress advise [MODEL]`: recommends how to package and run a model, with the numbers. */
export function adviseCommand(): Command {
  return new Command('advise')
    .description(
      'recommend how to run a model (function, container, managed platform or none), with monthly cost',
    )
    .argument(
      '[model]',
      'model file, or folder of a packed artifact (default: that of the config, or without a config one of --model-size)',
    )
    .option('--requests <number>', 'requests per month (default: 100000)', number('--requests'))
    .addOption(
      new Option('--shape <shape>', 'traffic pattern (default: steady)').choices(Object.keys(shapes)),
    )
    .option('--latency <ms>', 'p99 latency target in milliseconds (default: 2000)', number('--latency'))
    .option('--payload <MB>', 'request size in MB (default: 0.1)', number('--payload'))
    .option('--gpu', 'the model needs a GPU')
    .option('--dependencies', 'the code needs packages other than ONNX Runtime')
    .option('--environment', 'the training environment must be reproduced')
    .option('--devices', 'the model runs on devices with little memory or no network')
    .addOption(
      new Option('--integrators <who>', 'who integrates the model (default: developers)').choices([
        ...integrators,
      ]),
    )
    .addOption(new Option('--cloud <cloud>', 'cloud it may run on (default: any)').choices([...clouds]))
    .option(
      '--model-size <MB>',
      'size of a model that does not exist yet (default: 10)',
      number('--model-size'),
    )
    .option(
      '--cold-ms <ms>',
      'cold start in milliseconds (default: estimated by engine and model size)',
      number('--cold-ms'),
    )
    .option(
      '--warm-ms <ms>',
      'warm latency in milliseconds (default: estimated by engine and model size)',
      number('--warm-ms'),
    )
    .option('--bench <file>', 'read engine and both latencies from a result of `coldpress bench --json`')
    .option('--html <file>', 'write an HTML page with the cost curve and the decision tree')
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(run);
}

async function run(named: string | undefined, flags: Flags): Promise<void> {
  checkFlags(named, flags);
  const { html, json, bench, modelSize } = flags;
  const wanted = named ?? (modelSize === undefined ? await configuredModel(process.cwd()) : undefined);
  const model = wanted && (await modelFile(wanted));
  await checkPageFile(html, [model, bench]);
  const context = { cwd: process.cwd(), env: process.env, signal: interruptSignal() };
  const advised = await withProgress(async onProgress => {
    const known = model === undefined ? unknown : await advisedModel(model, { ...context, onProgress });
    const measured = bench === undefined ? unknown : await measuredFacts(bench);
    return advise(
      {
        ...(modelSize === undefined ? {} : { modelBytes: modelSize * 1e6 }),
        ...known.given,
        ...measured.given,
        ...givenBy(flags),
      },
      { ...known.origins, ...measured.origins },
    );
  });
  const advice = model === undefined || isArtifact(model) ? advised : nameModel(advised, model);
  if (html !== undefined) {
    const { formatAdvicePage } = await import('../advise/report/page.ts');
    await writePage(html, await formatAdvicePage(advice));
  }
  process.stdout.write(
    json ? `${JSON.stringify(advice)}\n` : formatAdvice(advice, process.stdout.isTTY === true),
  );
}

const unknown: Facts = { given: {}, origins: {} };

/** @throws ColdpressError OPTION_CONFLICT */
function checkFlags(model: string | undefined, { modelSize, bench, coldMs, warmMs }: Flags): void {
  if (coldMs !== undefined && warmMs !== undefined && coldMs < warmMs) {
    throw new ColdpressError('OPTION_CONFLICT', `--cold-ms is ${coldMs}, less than --warm-ms, ${warmMs}`, {
      hint: 'the first answer cannot be faster than later ones',
    });
  }
  const conflicts: [boolean, string][] = [
    [model !== undefined && modelSize !== undefined, 'a model and --model-size'],
    [bench !== undefined && (coldMs ?? warmMs) !== undefined, '--bench and --cold-ms or --warm-ms'],
  ];
  for (const [isGiven, both] of conflicts) {
    if (isGiven) {
      throw new ColdpressError('OPTION_CONFLICT', `${both} cannot be combined`, { hint: 'leave one out' });
    }
  }
}

/** Inserts the model into the command, so that it can be run as printed. */
function nameModel(advice: Advice, model: string): Advice {
  const { recommended } = advice;
  const command = recommended.command?.replace('MODEL', () => quote(model)) ?? null;
  return { ...advice, recommended: { ...recommended, command } };
}

/** Only the values that were set. The others are assumed and reported as such. */
function givenBy({ requests, shape, latency, payload, ...flags }: Flags): Given {
  const given = {
    requestsPerMonth: requests,
    shape,
    latencyMs: latency,
    payloadMb: payload,
    needsGpu: flags.gpu,
    hasDependencies: flags.dependencies,
    reproducesEnvironment: flags.environment,
    onDevices: flags.devices,
    integrators: flags.integrators,
    cloud: flags.cloud,
    coldMs: flags.coldMs,
    warmMs: flags.warmMs,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
