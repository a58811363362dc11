import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { counted, groupDigits } from '../counted.ts';
import { type BatchResult, type Progress, runBatch } from '../local/batch/batch.ts';
import type { FileFormat } from '../local/batch/list-inputs.ts';
import { hostOf } from '../local/host.ts';
import { printable } from '../printable.ts';
import { formatLine } from '../shell-command.ts';
import { addVariable, wholeNumber } from './flags.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

interface Flags {
  format?: FileFormat;
  processes?: number;
  outputs?: string[];
  env?: Record<string, string>;
  strict?: true;
  json?: true;
}

const example = `
Example:
  $ coldpress pack model.onnx --out packed
  $ coldpress batch packed rows.csv scored

The results of rows.csv are written to scored/rows.csv.csv, one row for each input row. Rows that failed are also in
scored/rows.csv.failures.jsonl. After an interruption, run the same command again to resume; unchanged files are not
scored again.
Exits with 2 if a file cannot be read or all of its rows fail; with --strict, if any row fails.`;

/** `coldpress batch DIR IN OUT`: scores files with the packed function, on this machine. */
export function batchCommand(): Command {
  return new Command('batch')
    .description('score CSV and JSON Lines files with a packed function, on this machine')
    .argument('<dir>', 'artifact folder written by `coldpress pack`')
    .argument('<in>', 'CSV or JSON Lines file, or folder of files')
    .argument('<out>', 'output folder for the results')
    .addOption(
      new Option('--format <format>', 'format of the files (default: by their extensions)').choices([
        'csv',
        'jsonl',
      ]),
    )
    .option(
      '--processes <number>',
      'number of worker processes, about 100 MB each (default: one per CPU, at most 2)',
      wholeNumber('--processes'),
    )
    .option(
      '--outputs <names>',
      'outputs to add to the results, separated by commas: contributions,margin',
      (names: string) => names.split(','),
    )
    .option('--env <NAME=value>', 'environment variable of the function; repeatable', addVariable)
    .option('--strict', 'exit with 2 if any row failed')
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(async (dir: string, input: string, output: string, flags: Flags) => {
      const again = formatLine(['npx', 'coldpress', ...process.argv.slice(2)]);
      const signal = interruptSignal(`interrupted; to resume: ${again}`);
      const result = await withProgress(onStep => {
        const onProgress = progressReporter(onStep);
        return runBatch(dir, { input, output }, { ...flags, host: hostOf(process), signal, onProgress });
      });
      console.log(flags.json === true ? JSON.stringify(toJson(result)) : describe(result, process.cwd()));
      const isBad = (file: BatchResult['files'][number]) =>
        'error' in file || (file.failed > 0 && (flags.strict === true || file.failed === file.rows));
      if (result.files.some(isBad)) {
        process.exitCode = 2;
      }
    });
}

const lineEveryMs = 10_000;

/** On a terminal, progress is updated in place; elsewhere, for example in a log, a line is printed periodically. */
function progressReporter(onStep: (step: string) => void): (progress: Progress) => void {
  const startedAt = performance.now();
  let reportedAt = startedAt;
  return ({ input, rows, fraction }) => {
    const now = performance.now();
    const rate = groupDigits(Math.round((1000 * rows) / (now - startedAt)));
    const step = `${input} ${(100 * fraction).toFixed(0)} %, ${counted(rows, 'row')}, ${rate} a second`;
    onStep(step);
    if (!process.stderr.isTTY && now - reportedAt >= lineEveryMs) {
      process.stderr.write(`${step}\n`);
      reportedAt = now;
    }
  };
}

function toJson({ files, ...rest }: BatchResult): object {
  return {
    ...rest,
    files: files.map(file =>
      'error' in file
        ? { input: file.input, error: { code: file.error.code, message: file.error.message } }
        : file,
    ),
  };
}

function describe({ files, rows, seconds, engine }: BatchResult, cwd: string): string {
  const lines = files.flatMap(file => {
    const name = relative(cwd, file.input) || file.input;
    if ('error' in file) {
      const { code, message, hint } = file.error;
      return [`${name}: ${code}: ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])];
    }
    const earlier =
      file.earlierRows === 0
        ? ''
        : file.earlierRows === file.rows
          ? ', all of them before'
          : `, ${groupDigits(file.earlierRows)} of them before`;
    return [
      `${name}: ${counted(file.rows, 'row')}${earlier}`,
      `  ${relative(cwd, file.results)}`,
      ...(file.failures === undefined
        ? []
        : [
            `  ${relative(cwd, file.failures)}: ${counted(file.failed, 'row')} failed; row ${file.firstFailure!.row}: ${printable(file.firstFailure!.message)}`,
          ]),
      ...(file.drift === undefined ? [] : [`  ${relative(cwd, file.drift)}: counts for drift`]),
    ];
  });
  return [
    ...lines,
    '',
    `${counted(rows, 'row')} in ${seconds.toFixed(1)} s, ${groupDigits(Math.round(rows / seconds))} a second`,
    ...(engine.note === undefined ? [] : [`note: ${engine.note}`]),
  ].join('\n');
}
