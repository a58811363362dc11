import { once } from 'node:events';
import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { type DevEvent, startDev } from '../dev/dev.ts';
import { ColdpressError } from '../errors.ts';
import type { PackFlags } from '../pack/plan.ts';
import { explainSystemError } from '../system-error.ts';
import { parseTarget, targetHelp } from '../targets/names.ts';
import { runOptions, type ServeFlags, wholeNumber, withServeFlags } from './flags.ts';
import { formatFunctionEvent } from './function-events.ts';
import { hostOption } from './host-flag.ts';
import { servingSignal } from './interrupt.ts';
import { tryIt } from './try-it.ts';

interface Flags extends ServeFlags, Pick<PackFlags, 'target' | 'arch' | 'out'> {
  config?: string;
  port?: number;
  host?: string[];
}

/** `coldpress dev [MODEL]`: packs and serves, and again after every change. */
export function devCommand(): Command {
  const command = new Command('dev')
    .description('pack and serve a model, and again when the model, the score or the config changes')
    .argument('[model]', 'model file (default: that of the config)')
    .option('--config <file>', 'config file (default: coldpress.config.ts, if it exists)')
    .option('--target <target>', `platform: ${targetHelp} (default: aws-lambda)`, parseTarget)
    .addOption(
      new Option('--arch <arch>', 'CPU architecture (default: arm64 on AWS Lambda, x64 elsewhere)').choices([
        'arm64',
        'x64',
      ]),
    )
    .option('--out <dir>', 'output folder (default: build)')
    .option('--port <number>', 'port, or 0 for any free port (default: 9000)', wholeNumber('--port'))
    .addOption(hostOption());
  return withServeFlags(command)
    .addHelpText(
      'after',
      `
Example:
  $ coldpress dev --port 9000

The playground, a form to try the function, is at /_coldpress/. Ctrl-C stops the server. With --json, each event is one line.`,
    )
    .action(
      async (model: string | undefined, { json, config, port, host, target, arch, out, ...flags }: Flags) => {
        const signal = servingSignal();
        const { onLog, ...running } = runOptions(flags, signal);
        const isVerbose = flags.verbose === true;
        const named = {
          config,
          port,
          hosts: host,
          ...(model && { model }),
          ...(target && { target }),
          ...(arch && { arch }),
        };
        const dev = await startDev({
          ...running,
          ...(isVerbose && { onLog }),
          ...named,
          ...(out && { out }),
          cwd: process.cwd(),
          processEnv: process.env,
          onEvent: json ? event => console.log(JSON.stringify(plain(event))) : printer(isVerbose),
        });
        if (!signal.aborted) {
          await once(signal, 'abort');
        }
        await dev.close();
      },
    );
}

/** Makes events serialisable: an Error has no JSON representation. */
function plain(event: DevEvent): object {
  return event.kind === 'failed' ? { kind: 'failed', ...describeFailure(event.error) } : event;
}

function describeFailure(failure: unknown) {
  const error = explainSystemError(failure);
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof ColdpressError ? { code: error.code, message, hint: error.hint } : { message };
}

/** @param isVerbose - whether to print the whole log and each step, too */
function printer(isVerbose: boolean): (event: DevEvent) => void {
  let isFirst = true;
  return async event => {
    if ((event.kind === 'step' || event.kind === 'output') && isVerbose !== (event.kind === 'step')) {
      return;
    }
    console.log(format(event));
    if (event.kind === 'ready' && isFirst) {
      isFirst = false;
      console.log(`\n  ${await tryIt(relative(process.cwd(), event.outDir) || '.', event.url)}\n`);
    }
  };
}

function format(event: DevEvent): string {
  switch (event.kind) {
    case 'changed':
      return `${event.name} changed`;
    case 'step':
      return `  ${event.step}`;
    case 'ready':
      return `packed in ${event.packMs.toFixed(0)} ms, up after ${event.startMs.toFixed(0)} ms: ${event.url}/_coldpress/`;
    case 'failed': {
      const { code, message, hint } = { code: undefined, hint: undefined, ...describeFailure(event.error) };
      return `${code ?? 'error'}: ${message}${hint === undefined ? '' : `\n  ${hint}`}`;
    }
    default:
      return formatFunctionEvent(event);
  }
}
