import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** The framework in a gcf artifact. */
export interface PlacedFramework {
  version: string;
  /** The file to start, relative to the function's folder. */
  main: string;
}

const name = '@google-cloud/functions-framework';

/**
 * Installs the dependency of a packed function as the buildpack's `npm ci` does: a link in node_modules, and one in its
 * .bin. It is the lockfile's only link, and its target is a folder in the function.
 */
export async function placeFramework(functionDir: string): Promise<PlacedFramework> {
  const lock = JSON.parse(await readFile(join(functionDir, 'package-lock.json'), 'utf8'));
  const folder: string = lock.packages[`node_modules/${name}`].resolved;
  const { version, bin } = lock.packages[folder];
  const main = `${folder}/${bin['functions-framework']}`;
  await link(join(functionDir, folder), join(functionDir, 'node_modules', name), 'junction');
  if (process.platform !== 'win32') {
    await chmod(join(functionDir, main), 0o755);
    await link(join(functionDir, main), join(functionDir, 'node_modules/.bin/functions-framework'), 'file');
  }
  return { version, main };
}

async function link(target: string, path: string, type: 'junction' | 'file'): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // A Windows junction cannot have a relative target.
  await symlink(process.platform === 'win32' ? target : relative(dirname(path), target), path, type);
}
