import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname, extname, join } from 'node:path';

/** Extensions of files that a pack may read. The declaration and the lock are excluded, because it writes them. */
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
  /** Files whose folders are watched for anything that a pack may read, as missing imports may be added there. */
  siblingsOf: string[];
  /** Files that are watched wherever they are. */
  files: string[];
}

/** Calls `onChange` after a file changed. Folders are watched, because editors replace files by new ones. */
export class Watch {
  readonly #onChange: (name: string) => void;
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(onChange: (name: string) => void) {
    this.#onChange = onChange;
  }

  /** Replaces what is watched. A change that was seen before is still reported. */
  watch({ siblingsOf, files }: Watched): void {
    this.#stop();
    if (this.#isClosed) {
      return;
    }
    const open = new Set(siblingsOf.map(path => dirname(path)));
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
      // The next pack reports a removed folder, because its files are missing.
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
