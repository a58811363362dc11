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
    .description('pack and serve, and again whenever the model, the score or the config changes')
    .argument('[model]', 'the ONNX model (default: the one that the config names)')
    .option('--config <file>', 'default: coldpress.config.ts, if there is one')
    .option('--target <target>', `where it will run: ${targetHelp} (default: aws-lambda)`, parseTarget)
    .addOption(
      new Option('--arch <arch>', 'the CPU to pack for (default: the target’s first)').choices([
        'arm64',
        'x64',
      ]),
    )
    .option('--out <dir>', 'the folder to write (default: build)')
    .option('--port <number>', 'port, 0 for any that is free (default: 9000)', wholeNumber('--port'))
    .addOption(hostOption());
  return withServeFlags(command)
    .addHelpText(
      'after',
      `
Example:
  $ coldpress dev --port 9000

A form to try it is at /_coldpress/. Ctrl-C stops it; with --json each event is a line.`,
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
