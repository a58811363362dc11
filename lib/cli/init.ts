import { relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type InitOptions, type InitResult, initProject } from '../init/init.ts';
import { installCommand, installProject } from '../init/install.ts';
import { offerProfile } from '../init/offer-profile.ts';
import { type InitTarget, type InitTrigger, triggers } from '../init/project.ts';
import { promptOptions } from '../init/prompt-options.ts';
import { loadConfig } from '../pack/config.ts';
import { isRemote } from '../pack/fetch/remote.ts';
import { printable } from '../printable.ts';
import { parseTarget, targetHelp } from '../targets/names.ts';
import { interruptSignal } from './interrupt.ts';

interface Flags {
  target?: InitTarget;
  trigger?: InitTrigger;
  yes?: true;
  score?: true;
  install: boolean;
  json?: true;
}

/** `coldpress init [MODEL]`: writes a small project around a model. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a project around a model: config, samples, test, deployment, CI')
    .argument('[model]', 'model file in this folder (default: that of the config, or the only one)')
    .addOption(
      new Option('--target <target>', `platform: ${targetHelp} (default: aws-lambda)`).argParser(parseTarget),
    )
    .addOption(
      new Option('--trigger <trigger>', 'what invokes the function (default: http)').choices([
        ...new Set(Object.values(triggers).flat()),
      ]),
    )
    .option('--score', 'also write a score.ts, to change the form of records and results')
    .option('--yes', 'accept the defaults without asking')
    .option('--no-install', 'do not install the packages')
    .option('--json', 'print one JSON object; no questions, no installation')
    .addHelpText(
      'after',
      `
Examples:
  $ coldpress init
  $ coldpress init churn.onnx --target google --trigger pubsub --yes
  $ coldpress init --score

It works in any folder: it writes missing files, adds missing entries to package.json and .gitignore, and changes nothing
else. Names and values come from a samples file or data set next to the model. On a terminal, it asks for options that
you did not set. Then it installs the packages, with the package manager that runs the command.`,
    )
    .action(async (model: string | undefined, { target, trigger, score, yes, install, json }: Flags) => {
      const cwd = process.cwd();
      const own = model === undefined ? await ownProject(cwd) : undefined;
      const given = { cwd, model: model ?? own?.model, target: target ?? own?.target, trigger, score };
      const mayPrompt = process.stdin.isTTY && process.stderr.isTTY && yes !== true && json !== true;
      const options = mayPrompt
        ? await promptOptions(given, { input: process.stdin, output: process.stderr })
        : given;
      const result = await initProject(options);
      if (json) {
        console.log(JSON.stringify(result));
        return;
      }
      console.log(formatChanges(result));
      const { env } = process;
      if (install) {
        const signal = interruptSignal(
          'interrupted; the project is written, its packages are not all installed',
        );
        console.error(installCommand(env));
        await installProject(cwd, { env, signal });
      }
      const before = install ? '' : `${installCommand(env)} && `;
      console.log(
        [
          `Next:  ${before}npx coldpress dev      # serves the function at http://127.0.0.1:9000`,
          `       ${result.test.padEnd(before.length + 22)} # sends the samples to the packed function`,
        ].join('\n'),
      );
      const profile = result.samples === undefined ? await offerProfile(cwd) : undefined;
      if (profile !== undefined) {
        console.log(`Drift: with ${profile}, the function counts how its requests differ from this data.`);
      }
    });
}

/** Model and target of a folder that is a project already. A model by URL is not a file of the folder. */
async function ownProject(cwd: string): Promise<Pick<InitOptions, 'model' | 'target'>> {
  const { config, dir, path } = await loadConfig(undefined, cwd);
  const { model, target = 'aws-lambda' } = config;
  const isFile = typeof model === 'string' && !isRemote(model);
  return path === undefined ? {} : { target, ...(isFile && { model: relative(cwd, resolve(dir, model)) }) };
}

function formatChanges({ name, files, merged, kept, samples, notes }: InitResult): string {
  const sections = [
    { title: `wrote ${name}:`, lines: files.map(printable) },
    {
      title: 'changed:',
      lines: merged.map(({ path, added }) => `${path}: added ${added.map(printable).join(', ')}`),
    },
    { title: 'unchanged:', lines: kept.length === 0 ? [] : [kept.map(printable).join(', ')] },
  ];
  return [
    ...sections.flatMap(({ title, lines }) =>
      lines.length === 0 ? [] : [title, ...lines.map(line => `  ${line}`)],
    ),
    ...(samples === undefined ? [] : [`samples: ${printable(samples)}`]),
    ...notes.map(note => `note: ${printable(note)}`),
    '',
  ].join('\n');
}
