import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readPackage } from '../../native/installed-package.ts';
import { onnxruntimeVersion } from '../../native/onnxruntime.ts';
import { version as ownVersion } from '../../version.ts';
import type { Checked } from '../checked.ts';
import { type Finding, findingOf } from '../pain.ts';
import { pains } from '../pains/index.ts';

/** Compares the packages that a project needs with the installed ones. */
export function checkPackages(dir: string): Checked {
  const needed = readNeeded(join(dir, 'package.json'));
  return {
    findings: [
      ...(needed === undefined ? [] : checkInstalled(needed, dir)),
      ...checkDrift('onnxruntime-node', { dir, own: onnxruntimeVersion() }),
      ...checkDrift('coldpress', { dir, own: ownVersion }),
      ...checkCdk(dir),
    ],
    notChecked:
      needed === undefined
        ? [
            {
              where: 'package.json',
              what: 'whether its packages are installed',
              why: 'it is not a JSON object',
            },
          ]
        : [],
  };
}

/** Names of packages; `undefined` if the file cannot be parsed. */
function readNeeded(file: string): string[] | undefined {
  if (!existsSync(file)) {
    return [];
  }
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(file, 'utf8'));
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  } catch {
    return undefined;
  }
}

/** Checks only projects that use coldpress: others are not its concern. */
function checkInstalled(needed: string[], dir: string): Finding[] {
  const missing = needed.filter(name => !isInstalled(name, dir));
  return missing.length === 0 || !needed.includes('coldpress')
    ? []
    : [
        {
          id: 'not-installed',
          where: 'package.json',
          evidence: `${missing.length} of ${needed.length} packages are not installed: ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}`,
          cause:
            'Packages that package.json lists are not in node_modules, so packing and tests cannot find them.',
          fix: 'Install it.',
          command: 'npm install',
          link: 'docs/errors.md#SCORE_IMPORT_MISSING',
        },
      ];
}

/** Looks for a package as Node does: here, or in a folder above, as in a workspace. */
function isInstalled(name: string, dir: string): boolean {
  return (
    existsSync(join(dir, 'node_modules', name)) || (dirname(dir) !== dir && isInstalled(name, dirname(dir)))
  );
}

function checkDrift(
  name: 'onnxruntime-node' | 'coldpress',
  { dir, own }: { dir: string; own: string },
): Finding[] {
  const installed = installedVersion(name, dir);
  const isEngine = name === 'onnxruntime-node';
  return installed === undefined || installed === own
    ? []
    : [
        {
          id: 'version-drift',
          where: `node_modules/${name}`,
          evidence: `installed is ${name} ${installed}, ${isEngine ? 'coldpress packs' : 'the one that runs now is'} ${own}`,
          cause: isEngine
            ? 'Tests of the project run another engine than the function does.'
            : 'The project packs with another coldpress than the one that looks at it now.',
          fix: isEngine
            ? 'Test the artifact, with `coldpress invoke`, or install the same version.'
            : 'Run the project’s own.',
          command: isEngine
            ? `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@${own}`
            : 'npx coldpress doctor',
          link: 'docs/doctor.md#drift',
        },
      ];
}

function checkCdk(dir: string): Finding[] {
  const version = installedVersion('aws-cdk', dir);
  const pain = pains.find(({ id }) => id === 'wrong-cdk')!;
  return version?.startsWith('3.') === true
    ? [findingOf(pain, 'node_modules/aws-cdk', `aws-cdk ${version}`)]
    : [];
}

function installedVersion(name: string, dir: string): string | undefined {
  const at = join(dir, 'node_modules', name);
  return existsSync(at) ? readPackage(at)?.version : undefined;
}
