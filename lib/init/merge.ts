import { ColdpressError } from '../errors.ts';
import { isFresh } from './fresh.ts';

/** How `init` changes a file. */
export type Change =
  | { kind: 'write'; text: string }
  /** The file exists; `added` lists what it lacked. */
  | { kind: 'merge'; text: string; added: string[] }
  | { kind: 'keep' };

export interface Package {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  [key: string]: unknown;
}

/**
 * Adds missing packages and scripts to a project's package.json. Existing entries are not changed.
 * @throws ColdpressError INIT_PACKAGE
 */
export function mergePackage(before: string, wanted: string): Change {
  const present = parsePackage(before);
  const { scripts = {}, dependencies = {}, devDependencies = {} } = JSON.parse(wanted) as Package;
  const has = (name: string) => name in { ...present.dependencies, ...present.devDependencies };
  const lacking = (packages: Record<string, string>) =>
    Object.fromEntries(Object.entries(packages).filter(([name]) => !has(name)));
  const named = nameScripts(scripts, present.scripts ?? {});
  const added = {
    scripts: Object.fromEntries(
      Object.entries(named).filter(([name, text]) => present.scripts?.[name] !== text),
    ),
    dependencies: lacking(dependencies),
    devDependencies: lacking(devDependencies),
  };
  const keys = (['scripts', 'dependencies', 'devDependencies'] as const).filter(
    key => Object.keys(added[key]).length > 0,
  );
  if (keys.length === 0) {
    return { kind: 'keep' };
  }
  // A folder in which only `npm install` has run becomes an ES module project.
  const merged: Package = isFresh(present) ? { private: true, type: 'module', ...present } : { ...present };
  for (const key of keys) {
    const all = { ...present[key], ...added[key] };
    merged[key] = key === 'scripts' ? all : sorted(all);
  }
  const indent = /^([ \t]+)"/m.exec(before)?.[1] ?? '  ';
  return {
    kind: 'merge',
    text: `${JSON.stringify(merged, null, indent)}\n`,
    added: keys.flatMap(key => Object.keys(added[key])),
  };
}

/** The script that `npm init` writes. */
const placeholder = /no test specified/;

/**
 * Renames scripts that would replace one that does something else: `test` becomes `model:test`.
 * @param taken - the existing scripts
 */
export function nameScripts(
  scripts: Record<string, string>,
  taken: Record<string, string>,
): Record<string, string> {
  const isTaken = (name: string) =>
    taken[name] !== undefined && taken[name] !== scripts[name] && !placeholder.test(taken[name]);
  const main = (name: string) => name.replace(/^pre/, '');
  return Object.fromEntries(
    Object.entries(scripts).map(([name, command]) => {
      const isRenamed = isTaken(main(name)) || isTaken(`pre${main(name)}`);
      return [isRenamed ? name.replace(/^(pre)?/, '$1model:') : name, command];
    }),
  );
}

/** @throws ColdpressError INIT_PACKAGE */
export function parsePackage(text: string): Package {
  try {
    const value = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value;
    }
  } catch {
    // Reported below, like any other value that is not an object.
  }
  throw new ColdpressError('INIT_PACKAGE', 'package.json is not a JSON object', {
    hint: 'fix it, then run npx coldpress init again',
  });
}

/** Adds missing lines to a .gitignore. */
export function mergeIgnore(before: string, wanted: string): Change {
  const bare = (line: string) => line.trim().replace(/^\/|\/$/g, '');
  const present = new Set(before.split('\n').map(bare));
  const added = wanted.split('\n').filter(line => line !== '' && !present.has(bare(line)));
  if (added.length === 0) {
    return { kind: 'keep' };
  }
  const end = before === '' || before.endsWith('\n') ? '' : '\n';
  return { kind: 'merge', text: `${before}${end}${added.join('\n')}\n`, added };
}

/** Sorts packages in npm's order. */
function sorted(packages: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}
