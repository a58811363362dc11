import { Command, Option } from 'commander';
import { askOptions } from '../init/ask.ts';
import { initProject } from '../init/init.ts';
import { type InitTarget, type InitTrigger, triggers } from '../init/project.ts';

interface Flags {
  target?: InitTarget;
  trigger?: InitTrigger;
  yes?: true;
  json?: true;
}

/** `coldpress init [MODEL]`: a small project around a model. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a project around a model: config, typed score, test, deployment, CI')
    .argument('[model]', 'the ONNX model, in this folder (default: the only one there is)')
    .addOption(
      new Option('--target <target>', 'where it will run (default: aws)').choices(Object.keys(triggers)),
    )
    .addOption(
      new Option('--trigger <trigger>', 'what calls it (default: http)').choices([
        ...new Set(Object.values(triggers).flat()),
      ]),
    )
    .option('--yes', 'ask nothing, take the defaults')
    .option('--json', 'print one JSON object, and ask nothing')
    .addHelpText(
      'after',
      `
Examples:
  $ coldpress init
  $ coldpress init churn.onnx --target gcf --trigger pubsub --yes

Asks on a terminal for what no flag says. No file that is there is overwritten.`,
    )
    .action(async (model: string | undefined, { target, trigger, yes, json }: Flags) => {
      const given = { cwd: process.cwd(), model, target, trigger };
      const mayAsk = process.stdin.isTTY && process.stderr.isTTY && yes !== true && json !== true;
      const options = mayAsk
        ? await askOptions(given, { input: process.stdin, output: process.stderr })
        : given;
      const result = await initProject(options);
      const lines = [...result.files.map(file => `  ${file}`), '', 'Next:  npm install && npx coldpress dev'];
      console.log(json ? JSON.stringify(result) : [`wrote ${result.name}:`, ...lines].join('\n'));
    });
}
