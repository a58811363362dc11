import { Command, Option } from 'commander';
import { askOptions } from '../init/ask.ts';
import { initProject } from '../init/init.ts';
import { installCommand, installProject } from '../init/install.ts';
import { type InitTarget, type InitTrigger, triggers } from '../init/project.ts';
import { printable } from '../printable.ts';
import { interruptSignal } from './interrupt.ts';

interface Flags {
  target?: InitTarget;
  trigger?: InitTrigger;
  yes?: true;
  install: boolean;
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
    .option('--yes', 'accept the defaults without asking')
    .option('--no-install', 'do not install its packages')
    .option('--json', 'print one JSON object; no questions, no installation')
    .addHelpText(
      'after',
      `
Examples:
  $ coldpress init
  $ coldpress init churn.onnx --target gcf --trigger pubsub --yes

Asks on a terminal for what no flag says. No file that is there is overwritten. Then the packages that it needs are
installed, by the package manager that runs the command.`,
    )
    .action(async (model: string | undefined, { target, trigger, yes, install, json }: Flags) => {
      const cwd = process.cwd();
      const given = { cwd, model, target, trigger };
      const mayAsk = process.stdin.isTTY && process.stderr.isTTY && yes !== true && json !== true;
      const options = mayAsk
        ? await askOptions(given, { input: process.stdin, output: process.stderr })
        : given;
      const result = await initProject(options);
      if (json) {
        console.log(JSON.stringify(result));
        return;
      }
      console.log(
        [`wrote ${result.name}:`, ...result.files.map(file => `  ${printable(file)}`), ''].join('\n'),
      );
      const { env } = process;
      if (install) {
        const signal = interruptSignal(
          'interrupted; the project is written, its packages are not all installed',
        );
        console.error(installCommand(env));
        await installProject(cwd, { env, signal });
      }
      console.log(`Next:  ${install ? '' : `${installCommand(env)} && `}npx coldpress dev`);
    });
}
