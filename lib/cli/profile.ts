import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { PROFILE_FILE } from '../contract/profile.ts';
import { counted } from '../counted.ts';
import { makeFolder } from '../make-folder.ts';
import { unusualColumns } from '../model/profile/profile-data.ts';
import { formatProfile, isProfile } from '../model/profile/profile-file.ts';
import { checkOutputFile } from '../output-file.ts';
import { cacheRoot } from '../pack/cache.ts';
import { loadConfig } from '../pack/config.ts';
import { localModel } from '../pack/local-model.ts';
import { resolvePlan } from '../pack/plan.ts';
import { pressOnce } from '../pack/press.ts';
import { profilePressed } from '../pack/profile-pressed.ts';
import { writeWhole } from '../write-whole.ts';
import { interruptSignal } from './interrupt.ts';
import { withProgress } from './progress.ts';

interface Flags {
  model?: string;
  target?: string;
  config?: string;
  out: string;
  json?: true;
}

/** `coldpress profile DATA`: writes the distributions that drift is measured against. */
export function profileCommand(): Command {
  return new Command('profile')
    .description(
      'write the distributions of reference data and of the model’s answers, to detect drift later',
    )
    .argument('<data>', 'training or reference data: a .csv, .jsonl, .npz or .parquet file')
    .option('--model <file>', 'model file (default: that of the config)')
    .option('--target <column>', 'column that the model predicts; it is not a feature')
    .option('--config <file>', 'config file (default: coldpress.config.ts, if it exists)')
    .option('--out <file>', 'output file', PROFILE_FILE)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  $ coldpress profile examples/breast-cancer/samples.csv --model examples/breast-cancer/model.onnx',
    )
    .action(async (data: string, { model, target, config, out, json }: Flags) => {
      const cwd = process.cwd();
      const flags = model === undefined ? {} : { model };
      const cacheDir = cacheRoot(process.env);
      const loaded = await loadConfig(config, cwd);
      const plan = await localModel(resolvePlan(flags, loaded, cwd), cacheDir);
      const path = resolve(cwd, out);
      const dataPath = resolve(cwd, data);
      await checkOutputFile(path, {
        option: '--out',
        inputs: [dataPath, plan.modelPath, plan.samples?.path, loaded.path],
        isOwn: async () => isProfile(await readFile(path, 'utf8')),
      });
      const signal = interruptSignal();
      const { profile, ignored } = await withProgress(async onProgress => {
        const pressed = await pressOnce(plan, cacheDir, { onProgress, signal });
        return profilePressed(dataPath, { ...pressed, name: plan.name }, { target, onProgress, signal });
      });
      await makeFolder(dirname(path));
      await writeWhole(path, formatProfile(profile));
      const unusual = unusualColumns(profile);
      const { rows, features, outputs } = profile;
      if (json) {
        const counts = { rows, features: features.length, outputs: outputs.length };
        console.log(JSON.stringify({ path, id: profile.id, ...counts, ignored, ...unusual }));
        return;
      }
      const name = relative(cwd, path);
      console.log(
        [
          `${name}: ${counted(rows, 'row')}, ${counted(features.length, 'column')} of inputs, ${outputs.length} of outputs`,
          ...note(ignored, 'not profiled, because the model does not use them'),
          ...note(unusual.constant, 'constant: any other value will count as out of range'),
          ...note(unusual.missing, 'missing in every row: any value will count as out of range'),
          ...note(
            unusual.unwatched,
            'no category is frequent, as in an identifier: drift is only found in the share of missing values',
          ),
          ...note(
            unusual.scattered,
            'most rows have a rare category: drift among the rare ones is not found',
          ),
          '',
          `Add it to the config, then pack: profile: '${name.startsWith('.') ? name : `./${name}`}'`,
        ].join('\n'),
      );
    });
}

const mostNames = 10;

function note(names: readonly string[], text: string): string[] {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  const shown = names.slice(0, mostNames).map(name => JSON.stringify(name));
  return names.length === 0 ? [] : [`note: ${shown.join(', ')}${more}: ${text}`];
}
