/** Puts the present help of every command into its page of docs/commands: `node test/docs/write-help.ts`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { commands } from '../../lib/cli/main.ts';
import { withHelp } from './help.ts';

for (const name of Object.keys(commands)) {
  const file = new URL(`../../docs/commands/${name}.md`, import.meta.url);
  const page = existsSync(file)
    ? readFileSync(file, 'utf8')
    : `# coldpress ${name}\n\n\`\`\`text\n\n\`\`\`\n`;
  writeFileSync(file, await withHelp(name, page));
}
