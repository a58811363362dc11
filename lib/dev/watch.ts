import { watch } from 'node:fs';
import { dirname, extname } from 'node:path';

/** What a pack reads, by its extension; the declaration and the lock are what it writes. */
const read = new Set([
  '.ts',
  '.mts',
  '.js',
  '.mjs',
  '.json',
  '.onnx',
  '.ort',
  '.data',
  '.csv',
  '.jsonl',
  '.npz',
]);
const written = /(\.d\.ts|^coldpress\.lock\.json)$/;

/** Editors write a file in several steps. */
const quietMs = 40;

/**
 * Calls `onChange` after a file changed beside one of `paths`: folders are watched, for editors put a new file in the
 * place of the old.
 * @returns what ends it
 */
export function watchBeside(paths: string[], onChange: (name: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = [...new Set(paths.map(path => dirname(path)))].map(dir => {
    const watcher = watch(dir, (_, name) => {
      if (name === null || !read.has(extname(name)) || written.test(name)) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => onChange(name), quietMs);
    });
    // A folder that went away is told by the next pack, which misses its files.
    watcher.on('error', () => watcher.close());
    return watcher;
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) {
      watcher.close();
    }
  };
}
