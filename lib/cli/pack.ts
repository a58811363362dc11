import { relative } from 'node:path';
import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { type PackResult, pack } from '../pack/pack.ts';
import type { PackFlags } from '../pack/plan.ts';
import { formatBytes, formatTable } from './format.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

type Options = Omit<PackFlags, 'model'> & { config?: string; json?: true };

/** `coldpress pack`: a model becomes an artifact. */
export function packCommand(): Command {
  return new Command('pack')
    .description('pack a model into a function that is ready to deploy')
    .argument('[model]', 'the ONNX model; default: the one that the config names')
    .option('--config <file>', 'default: coldpress.config.ts, if there is one')
    .option('--target <target>', 'where the function will run: aws-lambda or gcf (default: aws-lambda)')
    .addOption(
      new Option('--arch <arch>', 'the CPU it will run on (default: the target’s first)').choices([
        'arm64',
        'x64',
      ]),
    )
    .addOption(
      new Option('--native <place>', 'where the native library lies (default: the target’s first)').choices([
        'layer',
        'inline',
      ]),
    )
    .option('--runtime <id>', 'default: Node 24, as the target calls it')
    .addOption(
      new Option(
        '--tune <mode>',
        'choose session options by measurement: for the first answer, the next, or both',
      ).choices(['cold', 'warm', 'balanced']),
    )
    .option('--out <dir>', 'the folder to write (default: build)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ coldpress pack --config examples/breast-cancer/coldpress.config.ts --out build/example',
    )
    .action(async (model: string | undefined, options: Options) => {
      const cwd = process.cwd();
      const signal = interruptSignal();
      const result = await withProgress(onProgress =>
        pack({
          ...options,
          ...(model === undefined ? {} : { model }),
          cwd,
          env: process.env,
          onProgress,
          signal,
        }),
      );
      console.log(options.json ? JSON.stringify(result) : describe(result, cwd));
    });
}

function describe({ outDir, manifest, budget, zips }: PackResult, cwd: string): string {
  const { name, runtime, architecture, model } = manifest;
  const share = (bytes: number) =>
    budget.limitBytes === undefined ? '' : `${((100 * bytes) / budget.limitBytes).toFixed(1)} %`;
  const rows = budget.contributors.map(c => [c.name, formatBytes(c.sizeBytes), share(c.sizeBytes)]);
  const limit = budget.limitBytes === undefined ? '' : ` of ${formatBytes(budget.limitBytes)}`;
  const passes = model.passes.length === 0 ? 'as it was' : model.passes.join(', ');
  return [
    `${styleText('bold', name)} for ${runtime} on ${architecture}; model: ${passes}`,
    '',
    formatTable([
      ...rows,
      ['unpacked', formatBytes(budget.totalBytes), `${share(budget.totalBytes)}${limit}`],
    ]),
    '',
    ...zips.map(zip => `${relative(cwd, outDir) || '.'}/${zip.name}  ${formatBytes(zip.sizeBytes)}`),
    '',
    `Try it:  coldpress serve ${relative(cwd, outDir) || '.'}`,
  ].join('\n');
}
