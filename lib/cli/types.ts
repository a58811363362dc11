import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import { isDeclaration, writeDeclaration } from '../model/declarations/file.ts';
import { learnSignature } from '../model/learn-signature.ts';
import { checkOutputFile } from '../output-file.ts';
import { cacheRoot } from '../pack/cache.ts';
import { loadConfig } from '../pack/config.ts';
import { localModel } from '../pack/local-model.ts';
import { resolvePlan } from '../pack/plan.ts';

interface Flags {
  config?: string;
  out?: string;
  json?: true;
}

/** `coldpress types [MODEL]`: writes a TypeScript declaration of the model. */
export function typesCommand(): Command {
  return new Command('types')
    .description('write TypeScript types for the inputs and outputs of a model, for defineScore<Model>()')
    .argument('[model]', 'model file (default: that of the config)')
    .option('--config <file>', 'config file (default: coldpress.config.ts, if it exists)')
    .option('--out <file>', 'output file (default: MODEL.d.ts, which `pack` keeps up to date)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ coldpress types examples/breast-cancer/model.onnx')
    .action(async (model: string | undefined, { config, out, json }: Flags) => {
      const cwd = process.cwd();
      const flags = model === undefined ? {} : { model };
      const loaded = await loadConfig(config, cwd);
      const resolved = resolvePlan(flags, loaded, cwd);
      const { modelPath, samples, typesPath } = await localModel(resolved, cacheRoot(process.env));
      const path = out === undefined ? typesPath : resolve(cwd, out);
      await checkOutputFile(path, {
        option: '--out',
        inputs: [modelPath, samples?.path, loaded.path],
        isOwn: async () => isDeclaration(await readFile(path, 'utf8')),
      });
      const signature = await learnSignature(modelPath, samples);
      await writeDeclaration(path, modelPath, signature);
      console.log(json ? JSON.stringify({ path, signature }) : `wrote ${relative(cwd, path)}`);
    });
}
