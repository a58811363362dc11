import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { coldpressPackage, type InstalledPackage, packageOf } from '../native/installed-package.ts';

const LICENSE_FILE = /^(licen[cs]e|copying|notice)/i;
/** What `bundleFunction` names the inputs of a bundle relative to. */
const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The licences of every package of which code is in a bundle, coldpress among them, sorted by name. What is in no
 * package is the user's own and left out. Packages that are copied instead of bundled carry their licences with them.
 */
export function collectNotices({ outputs }: Pick<Metafile, 'outputs'>): string {
  const packages = new Map<string, InstalledPackage>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const path = resolve(packageRoot, input);
      const found = packageOf(path) ?? (path.startsWith(packageRoot) ? coldpressPackage() : undefined);
      if (found && bytesInOutput > 0) {
        packages.set(`${found.name} ${found.version}`, found);
      }
    }
  }
  const notices = [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, found]) => notice(title, found));
  return ['This function contains code of the following packages.\n', ...notices].join('\n');
}

function notice(title: string, { dir, license }: InstalledPackage): string {
  const texts = readdirSync(dir)
    .filter(name => LICENSE_FILE.test(name))
    .sort()
    .map(name => readFileSync(join(dir, name), 'utf8').trim());
  const rule = '-'.repeat(80);
  return `${rule}\n${title}${license ? ` (${license})` : ''}\n${rule}\n\n${texts.join('\n\n')}\n`;
}
