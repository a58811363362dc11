import { fileURLToPath } from 'node:url';

/** This folder and that of the handlers. */
const folders = ['./', '../handlers/'].map(path => fileURLToPath(new URL(path, import.meta.url)));

/** Whether a file is coldpress's own code, not the user's. */
export function isOwnCode(path: string): boolean {
  return folders.some(folder => path.startsWith(folder));
}
