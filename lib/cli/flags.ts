import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { causeOf } from '../cause-of.ts';
import { ColdpressError } from '../errors.ts';
import { hostOf } from '../local/host.ts';
import { type LambdaOptions, lambdaDefaults } from '../local/lambda-options.ts';
import { missingHint } from '../missing-file.ts';
import { gcfDefaults } from '../targets/gcf/defaults.ts';
import { decodeText } from '../text-bytes.ts';

/** Options of every command that runs a function. */
export interface RunFlags {
  json?: true;
  memory?: number;
  timeout?: number;
  env?: Record<string, string>;
  deliver?: true;
}

/** Adds the options of `RunFlags` to a command. */
export function withRunFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON object')
    .option('--memory <MB>', 'memory size in MB (default: that of a deployment)', wholeNumber('--memory'))
    .option(
      '--timeout <seconds>',
      `timeout in seconds (default: ${lambdaDefaults.timeoutSeconds}; for gcf ${gcfDefaults.timeoutSeconds})`,
      wholeNumber('--timeout'),
    )
    .option('--env <NAME=value>', 'environment variable of the function; repeatable', addVariable)
    .option(
      '--deliver',
      'use the sinks and buckets of the config (default: if --env sets an endpoint, an emulator or credentials); otherwise, print what they would receive',
    );
}

/** Options of commands that keep a function running. */
export interface ServeFlags extends RunFlags {
  verbose?: true;
}

/** Adds the options of `ServeFlags` to a command. */
export function withServeFlags(command: Command): Command {
  return withRunFlags(command).option(
    '--verbose',
    'print the whole log of the function and the platform, and every step',
  );
}

/** Variables with which a user tells the function where its sinks and buckets are, or who it is. */
const accessVariable = /^AWS_ENDPOINT_URL|^AWS_ACCESS_KEY_ID$|^GCE_METADATA_HOST$|_EMULATOR_HOST$/;

export function runOptions({ memory, timeout, env, deliver }: RunFlags, signal: AbortSignal): LambdaOptions {
  const onLog = (text: string) => process.stderr.write(text);
  return {
    host: hostOf(process),
    memoryMb: memory,
    timeoutSeconds: timeout,
    env,
    delivers: deliver === true || Object.keys(env ?? {}).some(name => accessVariable.test(name)),
    signal,
    onLog,
  };
}

/** Parses an option's value; the library checks its range. */
export function wholeNumber(flag: string): (value: string) => number {
  return value => {
    if (/^\d+$/.test(value)) {
      return Number(value);
    }
    throw new ColdpressError('OPTION_INVALID', `${flag} is ${value}`, {
      hint: 'Use a whole number, 0 or more, written in digits.',
    });
  };
}

/** Parses numbers such as `250`, `0.5` and `5e6`. */
export function positiveNumber(
  flag: string,
  { most = Number.MAX_SAFE_INTEGER }: { most?: number } = {},
): (value: string) => number {
  return value => {
    const parsed = Number(value);
    if (value.trim() !== '' && parsed > 0 && parsed <= most) {
      return parsed;
    }
    const limit = most === Number.MAX_SAFE_INTEGER ? '' : ` and up to ${most.toLocaleString('en-US')}`;
    const examples = ['250', '0.5', '5e6', '0.05'].filter(example => Number(example) <= most).slice(0, 3);
    throw new ColdpressError('OPTION_INVALID', `${flag} is ${value}`, {
      hint: `Pass a number without a unit, above 0${limit}: ${examples.join(', ')}.`,
    });
  };
}

export function addVariable(pair: string, others: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(pair) ?? [];
  if (name === undefined || value === undefined) {
    throw new ColdpressError('OPTION_INVALID', `--env is ${pair}`, { hint: 'Write it as --env NAME=value.' });
  }
  return { ...others, [name]: value };
}

/** Reads the file that a flag names; `-` is stdin. @throws ColdpressError FILE_UNREADABLE, EVENT_INVALID if it is empty */
export async function readArgument(flag: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) {
    return undefined;
  }
  const name = file === '-' ? 'stdin' : file;
  let bytes: Uint8Array;
  try {
    bytes = await (file === '-' ? buffer(process.stdin) : readFile(file));
  } catch (cause) {
    const message = `cannot read ${file}, which ${flag} names: ${causeOf(cause)}`;
    throw new ColdpressError('FILE_UNREADABLE', message, {
      hint: missingHint(file, 'check the path, and that you may read it; - reads stdin'),
      cause,
    });
  }
  const content = decodeText(bytes);
  if (typeof content !== 'string') {
    throw new ColdpressError('EVENT_INVALID', `${name} ${content.problem}`, { hint: content.hint });
  }
  if (content.trim() === '') {
    throw new ColdpressError('EVENT_INVALID', `${name} is empty; ${flag} reads JSON from it`, {
      hint: 'pass a file, or pipe JSON to the command',
    });
  }
  return content;
}
