import { missingHint } from '../../missing-file.ts';

const otherwise = 'run the file with node to see where it fails';

/** How to correct a config that cannot be loaded, by Node's message. */
export function loadHint(path: string, message: string): string {
  const [, missing] = /^Cannot find package '([^']+)' imported from/.exec(message) ?? [];
  if (missing !== undefined) {
    return `npm install --save-dev ${missing}`;
  }
  const [, file] = /^Cannot find module '([^']+)' imported from/.exec(message) ?? [];
  if (file !== undefined) {
    return missingHint(file, `check the path of the import in ${path}, with its ending`);
  }
  if (/not supported in (type )?strip(-only)? mode/.test(message)) {
    return 'Node removes types, and compiles no other TypeScript: write it as JavaScript would be';
  }
  return /^(require|module|exports|__dirname|__filename) is not defined/.test(message)
    ? 'a config is an ES module: use import, import.meta.dirname and export default'
    : otherwise;
}
