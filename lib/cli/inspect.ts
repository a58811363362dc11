import { Command } from 'commander';
import { ColdpressError } from '../errors.ts';
import { formatReport } from '../model/format-report.ts';
import { inspectModel } from '../model/inspect.ts';
import { configuredModel, modelFile } from './configured-model.ts';

/** `coldpress inspect MODEL`: describes the model, and reports whether each target can run it. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('describe a model and report whether it can be packed')
    .argument('[model]', 'model file, or the URL of a fetched model (default: that of the config)')
    .option('--json', 'print one JSON object')
    .option('--sha256', "add the file's SHA-256, which takes longer than everything else")
    .addHelpText('after', '\nExample:\n  $ coldpress inspect examples/breast-cancer/model.onnx')
    .action(async (named: string | undefined, options: { json?: true; sha256?: true }) => {
      const model = named ?? (await configuredModel(process.cwd()));
      if (model === undefined) {
        throw new ColdpressError('MODEL_UNNAMED', 'no model is named', {
          hint: 'name it: npx coldpress inspect model.onnx',
        });
      }
      const report = await inspectModel(await modelFile(model), options);
      console.log(options.json ? JSON.stringify(report) : formatReport(report));
    });
}
