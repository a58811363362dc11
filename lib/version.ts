import { createRequire } from 'node:module';

const { version: ownVersion, homepage: ownHomepage } = createRequire(import.meta.url)(
  'coldpress/package.json',
) as { version: string; homepage: string };

/** The version of coldpress, both in a clone and in an installed package. */
export const version: string = ownVersion;

/** The documentation's URL, without an anchor. */
export const homepage: string = ownHomepage.replace(/#.*$/, '');
