import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import type { InstalledPackage } from '../native/installed-package.ts';
import { bundledPackages } from './bundled-packages.ts';

const LICENSE_FILE = /^(licen[cs]e|copying|notice)/i;

/**
 * The licences of every package with code in a bundle, including coldpress, sorted by name. Code in no package is the
 * user's own and is left out. Copied packages contain their own licences.
 */
export function collectNotices(metafile: Pick<Metafile, 'outputs'>): string {
  const notices = bundledPackages(metafile).map(notice);
  return ['This function contains code of the following packages.\n', ...notices].join('\n');
}

function notice({ name, version, dir, license }: InstalledPackage): string {
  const texts = readdirSync(dir)
    .filter(file => LICENSE_FILE.test(file))
    .sort()
    .map(file => readFileSync(join(dir, file), 'utf8').trim());
  const rule = '-'.repeat(80);
  return `${rule}\n${name} ${version}${license ? ` (${license})` : ''}\n${rule}\n\n${texts.join('\n\n')}\n`;
}
