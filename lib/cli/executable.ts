import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { type Executable, makeExecutable } from '../executable/make-executable.ts';
import { executablePlatforms } from '../executable/platforms.ts';
import { cacheRoot } from '../pack/cache.ts';
import { quote } from '../shell-command.ts';
import { formatBytes } from './format.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

interface Flags {
  out?: string;
  platform?: string;
  sbom?: string;
  json?: true;
}

const example = `
Example:
  $ coldpress pack model.onnx --target container
  $ coldpress executable build --out churn
  $ ./churn score < rows.csv
  $ PORT=8080 ./churn serve`;

/** `coldpress executable`: makes one file of an artifact that needs neither Node nor a network. */
export function executableCommand(): Command {
  return new Command('executable')
    .description(
      'build one executable file from a container artifact: Node, the server, a command line and the model',
    )
    .argument('[dir]', 'artifact folder written by `coldpress pack --target container`', 'build')
    .option('--out <file>', 'output file (default: the model name)')
    .addOption(
      new Option(
        '--platform <platform>',
        'system and CPU to run on (default: those of this machine)',
      ).choices(executablePlatforms.map(({ id }) => id)),
    )
    .option('--sbom <file>', 'also write a CycloneDX SBOM to this file')
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(async (dir: string, { out, platform, sbom, json }: Flags) => {
      const signal = interruptSignal();
      const made = await withProgress(onProgress =>
        makeExecutable(dir, { out, platform, sbom, cacheDir: cacheRoot(process.env), onProgress, signal }),
      );
      console.log(json ? JSON.stringify(made) : describe(made));
    });
}

function describe({ path, platform, version, sizeBytes, codeCache, extracts }: Executable): string {
  const shown = relative(process.cwd(), path);
  const command = quote(/[\\/]/.test(shown) ? shown : `./${shown}`);
  return [
    `${shown}  ${formatBytes(sizeBytes)} for ${platform}: Node ${version}${codeCache ? ', with its code cache' : ''}`,
    ...(extracts ? ['It places ONNX Runtime and the model in a private folder when it first runs.'] : []),
    ...(platform === 'darwin-arm64'
      ? [`macOS runs it once it is signed there: codesign --sign - ${command}`]
      : []),
    '',
    `Try it:  ${command} serve`,
  ].join('\n');
}
