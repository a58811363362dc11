import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The file system of a base, made of this machine's files: Node, and the libraries that it and ONNX Runtime load. */
export function makeRoot(root: string): void {
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/\/\S+/g)!;
  const libc = libraries.find(path => path.endsWith('/libc.so.6'))!;
  for (const path of [...libraries, join(dirname(libc), 'librt.so.1')]) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'));
  mkdirSync(join(root, 'tmp'));
}
