import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { carriedDir } from '../../vendored.ts';
import { type BundledFramework, bundleFramework } from './framework.ts';

const MAIN = 'main.cjs';
const FACTS = 'package.json';
const NOTICES = 'THIRD-PARTY-NOTICES.txt';

let made: Promise<BundledFramework> | undefined;

/** The framework for functions: the bundle in the published package, or, in a clone, one built once per process. */
export async function loadFramework(): Promise<BundledFramework> {
  const dir = carriedDir('functions-framework');
  made ??= dir === undefined ? bundleFramework() : readFramework(dir);
  return made;
}

/** Writes the bundle to where `loadFramework` finds it, so that users of coldpress need not install the framework. */
export async function carryFramework(framework: BundledFramework, dir: string): Promise<void> {
  const { version, license, code, tables, packages, notices } = framework;
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, MAIN), code);
  await writeFile(join(dir, NOTICES), notices);
  for (const { name, bytes } of tables) {
    await writeFile(join(dir, name), bytes);
  }
  const facts = { name: 'functions-framework', version, license, packages };
  await writeFile(join(dir, FACTS), `${JSON.stringify(facts, null, 2)}\n`);
}

async function readFramework(dir: string): Promise<BundledFramework> {
  const { version, license, packages } = JSON.parse(await readFile(join(dir, FACTS), 'utf8'));
  const names = (await readdir(dir)).filter(name => ![MAIN, FACTS, NOTICES].includes(name)).sort();
  return {
    version,
    license,
    packages,
    code: await readFile(join(dir, MAIN)),
    tables: await Promise.all(names.map(async name => ({ name, bytes: await readFile(join(dir, name)) }))),
    notices: await readFile(join(dir, NOTICES), 'utf8'),
  };
}
