import { createRequire } from 'node:module';

/** The version of coldpress, of the clone or of the installed package alike. */
export const version: string = createRequire(import.meta.url)('coldpress/package.json').version;
