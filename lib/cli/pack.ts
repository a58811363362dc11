import { Command, Option } from 'commander';
import { ColdpressError } from '../errors.ts';
import { engineChoices } from '../model/press/engine-choice.ts';
import { pack } from '../pack/pack.ts';
import type { PackResult } from '../pack/pack-options.ts';
import type { PackFlags } from '../pack/plan.ts';
import { printable } from '../printable.ts';
import { parseTarget, targetHelp } from '../targets/names.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

type Options = Omit<PackFlags, 'model'> & { config?: string; sbom?: string; json?: true; all?: true } & {
  lock?: true;
  locked?: true;
};

/** `coldpress pack`: packs a model into an artifact. */
export function packCommand(): Command {
  return new Command('pack')
    .description('pack a model into a function or container artifact that is ready to deploy')
    .argument('[model]', 'model file (default: that of the config)')
    .option('--config <file>', 'config file (default: coldpress.config.ts, if it exists)')
    .option('--target <target>', `platform: ${targetHelp} (default: aws-lambda)`, parseTarget)
    .addOption(
      new Option(
        '--package <package>',
        'deployment package for AWS Lambda; an image may have 10 GB (default: zip)',
      ).choices(['zip', 'image']),
    )
    .addOption(
      new Option('--arch <arch>', 'CPU architecture (default: arm64 on AWS Lambda, x64 elsewhere)').choices([
        'arm64',
        'x64',
      ]),
    )
    .addOption(
      new Option(
        '--native <place>',
        'where to put the native library (default: the first choice of the target)',
      ).choices(['layer', 'inline']),
    )
    .addOption(
      new Option(
        '--engine <engine>',
        'inference engine; auto chooses plain JavaScript if its answers are equal, else ONNX Runtime (default: auto)',
      ).choices(engineChoices),
    )
    .option(
      '--samples <file>',
      'file of real inputs with expected outputs: .csv, .jsonl, .ndjson, .parquet or .npz',
    )
    .option('--runtime <id>', 'Node.js runtime identifier of the platform (default: Node 24)')
    .addOption(
      new Option(
        '--tune <mode>',
        'measure session options and choose the best for the first answer, warm answers, or both',
      ).choices(['cold', 'warm', 'balanced']),
    )
    .option('--out <dir>', 'output folder (default: build)')
    .option('--sbom <file>', 'also write a CycloneDX SBOM to this file')
    .option('--lock', 'write everything that decides the bytes to coldpress.lock.json')
    .option('--locked', 'refuse to pack if any of it differs from coldpress.lock.json, and list what does')
    .option('--all', 'pack every model of the CDK app in this folder, before cdk synth')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ coldpress pack --config examples/breast-cancer/coldpress.config.ts --out build/example',
    )
    .action(async (model: string | undefined, options: Options) => {
      const cwd = process.cwd();
      if (options.all === true) {
        return packEvery(model, options, cwd);
      }
      const signal = interruptSignal();
      const result = await withProgress(onProgress =>
        pack({
          ...options,
          lock: lockMode(options),
          ...(model === undefined ? {} : { model }),
          cwd,
          env: process.env,
          onProgress,
          signal,
        }),
      );
      if (result.unused.length > 0) {
        process.stderr.write(`warning: ${unusedText(result)}\n`);
      }
      if (result.unanswered !== undefined) {
        process.stderr.write(`warning: ${unprovenText(result)}\n`);
      }
      if (options.json) {
        console.log(JSON.stringify(result));
        return;
      }
      const { packSummary } = await import('./pack-summary.ts');
      console.log(packSummary(result, cwd));
    });
}

function lockMode({ lock, locked }: Options): 'write' | 'require' | undefined {
  if (lock && locked) {
    throw new ColdpressError('OPTION_CONFLICT', '--lock and --locked cannot be combined', {
      hint: '--lock writes the lock, --locked compares with it',
    });
  }
  return lock ? 'write' : locked && 'require';
}

function unusedText({ unused, manifest }: PackResult): string {
  const verb = unused.length === 1 ? 'has' : 'have';
  return `${unused.join(', ')} of the config ${verb} no effect in a ${manifest.target}: events go to --target gcf or aws-lambda`;
}

/** What was tried, and what to do. */
function unprovenText({ unanswered, manifest: { signature } }: PackResult): string {
  const sample = signature.inputs.map(({ name }) => `${JSON.stringify(name)}: …`).join(', ');
  return (
    `nothing is proven: ${printable(unanswered!)}\n` +
    `  pass real inputs: --samples samples.jsonl, a file with some lines like {${printable(sample)}}; see docs/samples.md`
  );
}

async function packEvery(model: string | undefined, options: Options, cwd: string): Promise<void> {
  const { all: _, json, lock: _lock, locked: _locked, ...others } = options;
  const lock = lockMode(options);
  const other = model ?? Object.keys(others).map(name => `--${name}`)[0];
  if (other !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', `--all and ${other} cannot be combined`, {
      hint: 'the app says how each of its models is packed',
    });
  }
  const { packAll } = await import('../cdk/pack/pack-all.ts');
  const packed = await withProgress(onProgress => packAll({ cwd, env: process.env, lock, onProgress }));
  const lines = packed.flatMap(({ paths, isKnown, dir, report }) => [
    `${paths.join(', ')}${isKnown ? ' (unchanged)' : ''}: ${dir}`,
    ...Object.entries(report).map(([name, text]) => `  ${name.padEnd(6)}  ${text}`),
  ]);
  console.log(json ? JSON.stringify(packed) : lines.join('\n') || 'the app has no model to pack');
}
