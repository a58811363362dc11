import { readFileSync } from 'node:fs';
import { EXECUTABLE_FILE, type ExecutableContents } from '../contract/executable.ts';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { type Contents, memoryContents } from './contents.ts';

/**
 * The first bytes of the data that Node injects; little-endian. https://github.com/nodejs/node/blob/main/src/node_sea.h
 */
const magic = Buffer.from([0x20, 0xda, 0x43, 0x01]);
const flags = { useCodeCache: 4, includeAssets: 8 };

/**
 * Reads the function's files from an executable, without running it; `undefined` for a file that coldpress did not
 * make. The file format (ELF, Mach-O or PE) does not matter, because Node injects the same data in all of them.
 */
export function executableContents(path: string, name: string): Contents | undefined {
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
    // In Node 22, the flags are not followed by a byte for `execArgvExtension`.
    const assets = readAssets(bytes, at, 9) ?? readAssets(bytes, at, 8);
    const list = assets?.get(EXECUTABLE_FILE);
    if (assets !== undefined && list !== undefined && assets.has(MANIFEST_FILE)) {
      const { files }: ExecutableContents = JSON.parse(list.toString());
      const present = [MANIFEST_FILE, ...files].flatMap(file => {
        const content = assets.get(file);
        return content === undefined ? [] : [[file, content] as const];
      });
      return memoryContents(Object.fromEntries(present), name);
    }
  }
  return undefined;
}

/** @param headerBytes - number of bytes before the program's name */
function readAssets(bytes: Buffer, start: number, headerBytes: number): Map<string, Buffer> | undefined {
  let at = start + headerBytes;
  const number = (): number => {
    const value = bytes.readBigUInt64LE(at);
    at += 8;
    if (value > BigInt(bytes.length)) {
      throw new RangeError('longer than the file');
    }
    return Number(value);
  };
  const part = (): Buffer => {
    const length = number();
    const found = bytes.subarray(at, at + length);
    at += length;
    return found;
  };
  const skip = (count: number) => {
    for (let index = 0; index < count; index++) {
      part();
    }
  };
  try {
    const has = bytes.readUInt32LE(start + magic.length);
    if ((has & flags.includeAssets) === 0) {
      return undefined;
    }
    // Skips the program's name and text, and V8's code cache.
    skip((has & flags.useCodeCache) === 0 ? 2 : 3);
    const assets = new Map<string, Buffer>();
    for (let count = number(); count > 0; count--) {
      assets.set(part().toString(), part());
    }
    return assets;
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}
