/** Writes docs/api and docs/configuration.md from the code's TSDoc: `node test/docs/write-api.ts`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { apiPages } from './api.ts';

const docs = new URL('../../docs/', import.meta.url).pathname;
for (const [path, page] of Object.entries(await apiPages())) {
  await mkdir(dirname(join(docs, path)), { recursive: true });
  await writeFile(join(docs, path), page);
}
