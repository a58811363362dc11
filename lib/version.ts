import { createRequire } from 'node:module';

const { version: ownVersion, homepage: ownHomepage } = createRequire(import.meta.url)(
  'coldpress/package.json',
) as { version: string; homepage: string };

/** The version of coldpress, of the clone or of the installed package alike. */
export const version: string = ownVersion;

/** Where the documentation is on the web, without an anchor. */
export const homepage: string = ownHomepage.replace(/#.*$/, '');
