import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isFresh } from './fresh.ts';
import { parsePackage } from './merge.ts';
import { readExisting } from './read-existing.ts';
import { tsconfigJson } from './templates/package.ts';

/** The existing contents of the folder that affect the names of a project's files. */
export interface Surroundings {
  /** Whether `.ts` files are CommonJS there. */
  isCommonJs: boolean;
  hasTsconfig: boolean;
  /** Whether cdk.json runs an app of the folder's own. */
  hasCdkApp: boolean;
  hasReadme: boolean;
  /** The name of an existing config, which is kept: a second one would have no effect, or hide the first. */
  configFile: string | undefined;
  /** Existing scripts of package.json that do something else. */
  scripts: Record<string, string>;
  /** Whether the folder is below a repository's root: GitHub reads workflows only at the root. */
  isInside: boolean;
}

/** @throws ColdpressError INIT_PACKAGE, FILE_EXPECTED */
export function lookAround(cwd: string): Surroundings {
  const text = readExisting(join(cwd, 'package.json'));
  const present = text === undefined ? undefined : parsePackage(text);
  return {
    isCommonJs: present !== undefined && present.type !== 'module' && !isFresh(present),
    hasTsconfig: isOthers(join(cwd, tsconfigFile), text => text === tsconfigJson()),
    hasCdkApp: isOthers(join(cwd, 'cdk.json'), text => /"node bin\/app\.m?ts"/.test(text)),
    hasReadme: isOthers(join(cwd, 'README.md'), text => text.includes(readmeMark)),
    configFile: readdirSync(cwd).find(name => configName.test(name)),
    scripts: present?.scripts ?? {},
    isInside: !existsSync(join(cwd, '.git')) && isInRepository(dirname(cwd)),
  };
}

/** Whether a file exists that an earlier run did not write. */
function isOthers(path: string, isOwn: (text: string) => boolean): boolean {
  const text = readExisting(path);
  return text !== undefined && !isOwn(text);
}

function isInRepository(dir: string): boolean {
  return existsSync(join(dir, '.git')) || (dirname(dir) !== dir && isInRepository(dirname(dir)));
}

/** A phrase in the README of every project. */
export const readmeMark = 'packed by coldpress';
export const tsconfigFile = 'tsconfig.json';
export const ownTsconfigFile = 'tsconfig.model.json';
const configName = /^coldpress\.config\.[cm]?[jt]s$/;
export const workflowFile = '.github/workflows/model.yml';

/** Renames the files of a project to fit the existing ones. */
export function adaptFiles(files: Record<string, string>, around: Surroundings): Record<string, string> {
  const renamed: Record<string, string> = {
    ...(around.hasTsconfig && { [tsconfigFile]: ownTsconfigFile }),
    ...(around.hasReadme && { 'README.md': 'COLDPRESS.md' }),
  };
  const named = Object.entries(files)
    .filter(([path]) => !(around.isInside && path === workflowFile))
    .map(([path, text]): [string, string] => [renamed[path] ?? path, text]);
  const adapted = around.isCommonJs ? asModules(named) : named;
  const kept = withConfig(adapted, around.configFile);
  return Object.fromEntries(around.hasTsconfig ? kept.map(allowImports) : kept);
}

/** The project's config has the name of the existing one. */
function withConfig(files: [string, string][], existing: string | undefined): [string, string][] {
  const own = files.find(([path]) => configName.test(path))?.[0];
  return own === undefined || existing === undefined
    ? files
    : files.map(([path, text]) => [path === own ? existing : path, text.replaceAll(own, existing)]);
}

/** The existing tsconfig.json may include the new files, and refuse the extensions that Node needs. */
function allowImports([path, text]: [string, string]): [string, string] {
  const imports = /^import .* from '\.[^']*(?<!\.d)\.m?ts';$/gm;
  const comment = '// @ts-ignore: Node needs the extension, which tsconfig.json may not allow.';
  return [path, /\.m?ts$/.test(path) ? text.replace(imports, found => `${comment}\n${found}`) : text];
}

/** In a CommonJS package, TypeScript modules have the extension `.mts`. */
function asModules(files: [string, string][]): [string, string][] {
  const isSource = (path: string) => path.endsWith('.ts') && !path.endsWith('.d.ts');
  const names = files.map(([path]) => path).filter(isSource);
  const asModule = (path: string) => path.replace(/\.ts$/, '.mts');
  return files.map(([path, text]) => [
    isSource(path) ? asModule(path) : path,
    names.reduce((changed, name) => changed.replaceAll(basename(name), asModule(basename(name))), text),
  ]);
}
