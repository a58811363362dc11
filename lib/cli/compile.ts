import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import { cacheRoot } from '../pack/cache.ts';
import { loadConfig } from '../pack/config.ts';
import { localModel } from '../pack/local-model.ts';
import { compileModule } from '../pack/module/compile-module.ts';
import { resolvePlan } from '../pack/plan.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

interface Flags {
  config?: string;
  out: string;
  inline?: true;
  json?: true;
}

/** `coldpress compile [MODEL]`: writes the model as an ES module for any JavaScript runtime. */
export function compileCommand(): Command {
  return new Command('compile')
    .description('write a model as an ES module that runs in Node, Bun, Deno, workers and browsers')
    .argument('[model]', 'model file (default: that of the config)')
    .option('--config <file>', 'config file (default: coldpress.config.ts, if it exists)')
    .option('--out <dir>', 'output folder for the module, its types and its weights', 'compiled')
    .option('--inline', 'embed the weights in the module as base64 (default: model.bin next to it)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ coldpress compile examples/breast-cancer/model.onnx --out build/module',
    )
    .action(async (model: string | undefined, { config, out, inline, json }: Flags) => {
      const cwd = process.cwd();
      const signal = interruptSignal();
      const flags = model === undefined ? {} : { model };
      const resolved = resolvePlan(flags, await loadConfig(config, cwd), cwd);
      const { name, modelPath, samples } = await localModel(resolved, cacheRoot(process.env));
      const outDir = resolve(cwd, out);
      const { signature, files } = await withProgress(onProgress =>
        compileModule(modelPath, { outDir, name, samples, inline: inline === true, onProgress, signal }),
      );
      const lines = files.map(
        file => `${relative(cwd, resolve(outDir, file.name))}  ${file.sizeBytes.toLocaleString('en')} B`,
      );
      console.log(json ? JSON.stringify({ dir: outDir, signature, files }) : lines.join('\n'));
    });
}
