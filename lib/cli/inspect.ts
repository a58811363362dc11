import { Command } from 'commander';
import { formatReport } from '../model/format-report.ts';
import { inspectModel } from '../model/inspect.ts';

/** `coldpress inspect MODEL`: what the model is, and whether each target can run it. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('say what a model is and whether it can be packed')
    .argument('<model>', 'an .onnx or .ort file')
    .option('--json', 'print one JSON object')
    .option('--sha256', "add the file's SHA-256, which takes longer than all the rest")
    .addHelpText('after', '\nExample:\n  $ coldpress inspect examples/breast-cancer/model.onnx')
    .action(async (model: string, options: { json?: true; sha256?: true }) => {
      const report = await inspectModel(model, options);
      console.log(options.json ? JSON.stringify(report) : formatReport(report));
    });
}
