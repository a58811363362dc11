import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBuffer } from 'yauzl';

export function unzip(zip: Buffer, to: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, archive) => {
      if (error) {
        reject(error);
        return;
      }
      archive.on('end', resolve).on('error', reject);
      archive.on('entry', entry => {
        archive.openReadStream(entry, async (failure, stream) => {
          if (failure) {
            reject(failure);
            return;
          }
          const path = join(to, entry.fileName);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, await buffer(stream));
          archive.readEntry();
        });
      });
      archive.readEntry();
    });
  });
}
