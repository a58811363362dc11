import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname, extname, join } from 'node:path';

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
  '.onnx_data',
  '.bin',
  '.csv',
  '.jsonl',
  '.npz',
]);
const written = /(\.d\.ts|^coldpress\.lock\.json)$/;

/** Editors write a file in several steps. */
const quietMs = 40;

export interface Watched {
  /** Files in whose folders anything that a pack may read counts: what an import misses may yet be written. */
  beside: string[];
  /** Files that count wherever they are. */
  files: string[];
}

/** Calls `onChange` after a file changed: folders are watched, for editors put a new file in the place of the old. */
export class Watch {
  readonly #onChange: (name: string) => void;
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(onChange: (name: string) => void) {
    this.#onChange = onChange;
  }

  /** In place of what was watched; a change that was seen is still told. */
  watch({ beside, files }: Watched): void {
    this.#stop();
    if (this.#isClosed) {
      return;
    }
    const open = new Set(beside.map(path => dirname(path)));
    const named = new Set(files);
    const dirs = new Set([...open, ...files.map(path => dirname(path))]);
    for (const dir of dirs) {
      if (!existsSync(dir)) {
        continue;
      }
      const watcher = watch(dir, (_, name) => {
        if (name === null || written.test(name)) {
          return;
        }
        if (named.has(join(dir, name)) || (open.has(dir) && read.has(extname(name)))) {
          clearTimeout(this.#timer);
          this.#timer = setTimeout(() => this.#onChange(name), quietMs);
        }
      });
      // A folder that went away is told by the next pack, which misses its files.
      watcher.on('error', () => watcher.close());
      this.#watchers.push(watcher);
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stop();
  }

  #stop(): void {
    for (const watcher of this.#watchers.splice(0)) {
      watcher.close();
    }
  }
}
