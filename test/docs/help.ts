import { Command } from 'commander';
import { commands } from '../../lib/cli/main.ts';

/** What `coldpress NAME --help` prints, at 100 columns whatever the terminal has. */
export async function helpOf(name: string): Promise<string> {
  const command = await commands[name]!();
  const parts: string[] = [];
  command
    .configureHelp({ helpWidth: 100 })
    .configureOutput({ writeOut: part => void parts.push(part), getOutHasColors: () => false });
  new Command('coldpress').addCommand(command);
  command.outputHelp();
  return parts.join('').trimEnd();
}

const block = /```text\n[\s\S]*?```/;

/** A page of docs/commands with the help that it should have: the first block of text in it. */
export async function withHelp(name: string, page: string): Promise<string> {
  const help = `\`\`\`text\n${await helpOf(name)}\n\`\`\``;
  return page.replace(block, () => help);
}
