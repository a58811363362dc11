import type { Plan } from '../plan.ts';
import { loadFramework } from './carried-framework.ts';
import { FRAMEWORK_PACKAGE } from './framework.ts';

/** A file that packing generates: its path, its contents, and the reason why it is included. */
export type MadeFile = [path: string, contents: string | Uint8Array, reason: string];

export const FRAMEWORK_FOLDER = 'functions-framework';
/** `.cjs`, so that Node does not look for a package.json to determine the module format. */
const FRAMEWORK_MAIN = 'main.cjs';

/**
 * The files that Google's buildpack needs next to the function. It removes node_modules, runs `npm ci`, then the
 * scripts that GOOGLE_NODE_RUN_SCRIPTS, `gcp-build` or `build` name, checks the syntax of `main`, and starts
 * `node_modules/.bin/functions-framework`, from the dependency of that name if there is one. Here that dependency is a
 * folder in the source, so that nothing is downloaded and one file is loaded instead of the framework's 200.
 * https://github.com/GoogleCloudPlatform/buildpacks/blob/main/cmd/nodejs/functions_framework/lib/lib.go
 */
export async function buildpackFiles(plan: Plan, main: string): Promise<MadeFile[]> {
  const framework = await loadFramework();
  const root = {
    name: plan.name.toLowerCase().replace(/^[._]+/, ''),
    version: '0.0.0',
    license: 'UNLICENSED',
    dependencies: { [FRAMEWORK_PACKAGE]: `file:${FRAMEWORK_FOLDER}` },
    engines: { node: `${plan.runtime.nodeMajor}.x` },
  };
  const installed = {
    name: FRAMEWORK_PACKAGE,
    version: framework.version,
    license: framework.license,
    bin: { 'functions-framework': FRAMEWORK_MAIN },
  };
  const lock = {
    name: root.name,
    version: root.version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': root,
      [FRAMEWORK_FOLDER]: installed,
      [`node_modules/${FRAMEWORK_PACKAGE}`]: { resolved: FRAMEWORK_FOLDER, link: true },
    },
  };
  return [
    [
      'package.json',
      json({ ...root, private: true, main }),
      'names the module and the framework that starts it',
    ],
    ['package-lock.json', json(lock), 'has the buildpack run `npm ci`, which finds all of it here'],
    ['.npmrc', npmrc, 'keeps npm from running scripts and from asking its registry'],
    ['.gcloudignore', '.gcloudignore\n', 'without it, gcloud would leave out what Git ignores'],
    [
      `${FRAMEWORK_FOLDER}/package.json`,
      json(installed),
      'makes the framework below the one that is started',
    ],
    [
      `${FRAMEWORK_FOLDER}/${FRAMEWORK_MAIN}`,
      framework.code,
      `Google's functions framework ${framework.version}, bundled by esbuild to start sooner`,
    ],
    ...framework.tables.map(
      ({ name, bytes }): MadeFile => [
        `${FRAMEWORK_FOLDER}/${name}`,
        bytes,
        'a character encoding of the framework, read when first used',
      ],
    ),
    [`${FRAMEWORK_FOLDER}/THIRD-PARTY-NOTICES.txt`, framework.notices, 'licences of the framework'],
  ];
}

const npmrc = ['ignore-scripts=true', 'audit=false', 'fund=false', 'update-notifier=false', ''].join('\n');

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
