import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Collects the file of every module that this process loads from now on: coldpress, its packages, the config. */
export function recordModules(): Set<string> {
  const files = new Set<string>();
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) {
        files.add(fileURLToPath(url.replace(/[?#].*$/, '')));
      }
      return next(url, context);
    },
  });
  return files;
}
