import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { makeTemporaryFolder } from '../../lib/temporary-folder.ts';
import { configurationPage } from './configuration.ts';

const typedoc = new URL('./typedoc/', import.meta.url).pathname;

/** The pages made from TSDoc, by their path in docs: those of the API, and that of the configuration. */
export async function apiPages(): Promise<Record<string, string>> {
  const out = await makeTemporaryFolder({ purpose: 'api' });
  const json = join(out, 'api.json');
  const pages = join(out, 'api');
  await promisify(execFile)(process.execPath, [
    join(typedoc, 'node_modules/typedoc/bin/typedoc'),
    ...['--options', join(typedoc, 'typedoc.json'), '--json', json, '--out', pages],
  ]);
  const files = (await readdir(pages, { recursive: true })).filter(name => name.endsWith('.md'));
  const api = await Promise.all(
    files.map(async name => [relative(out, join(pages, name)), await readFile(join(pages, name), 'utf8')]),
  );
  return {
    ...Object.fromEntries(api),
    'configuration.md': configurationPage(JSON.parse(await readFile(json, 'utf8'))),
  };
}
