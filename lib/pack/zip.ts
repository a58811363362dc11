import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A file for an archive: its path in the archive, and its source file or contents. */
export type ZipInput = { path: string } & ({ source: string } | { contents: string | Uint8Array });

const ENTRY_OPTIONS = {
  // Regular file, rw-r--r--. Libraries and addons are mapped, not executed, so they need no execute bit.
  mode: 0o100644,
  compressionLevel: 6,
  // Without it yazl adds an extra field in universal time, which differs between time zones.
  forceDosTimestamp: true,
};

/**
 * Writes a zip whose bytes depend only on paths and contents: entries sorted by path, one date, one mode. `out` is
 * written completely or not at all. Returns its size in bytes.
 */
export async function writeZip(files: readonly ZipInput[], out: string): Promise<number> {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  const partial = `${out}.${randomUUID()}.partial`;
  // yazl reports an unreadable file only by an event; the output would otherwise wait for it forever.
  zip.on('error', error => output.destroy(error));
  try {
    const written = pipeline(output, createWriteStream(partial));
    for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      addEntry(zip, file);
    }
    zip.end();
    await written;
    await rename(partial, out);
    return (await stat(out)).size;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function addEntry(zip: ZipFile, file: ZipInput): void {
  // A zip stores local time without its zone; a date made in local time is stored the same in every zone.
  const options = { ...ENTRY_OPTIONS, mtime: new Date(1980, 0, 1) };
  if ('source' in file) {
    zip.addFile(file.source, file.path, options);
  } else {
    zip.addBuffer(Buffer.from(file.contents), file.path, options);
  }
}
