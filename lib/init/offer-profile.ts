import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { tableEndings } from '../model/samples/read-tables.ts';
import { quote } from '../shell-command.ts';

/** The command that profiles the data in a project's folder; `undefined` if there is no file with rows. */
export async function offerProfile(cwd: string): Promise<string | undefined> {
  const files = (await readdir(cwd)).filter(name => tableEndings.includes(extname(name).toLowerCase()));
  // Samples are few, and packing profiles them without a command.
  const data = files.sort().find(name => !name.startsWith('samples.'));
  return data === undefined ? undefined : `npx coldpress profile ${quote(data)}`;
}
