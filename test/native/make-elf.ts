import type { Architecture } from '../../lib/contract/manifest.ts';

export interface ElfRecipe {
  arch?: Architecture;
  soname?: string;
  needed?: string[];
  runpath?: string;
  rpath?: string;
  /** `{ 'libc.so.6': ['GLIBC_2.28'] }`; a version that ends in `?` is a weak one. */
  versions?: Record<string, string[]>;
}

/** The bytes of a shared library that holds nothing but what the dynamic linker reads first; readelf -dV accepts it. */
export function makeElf({
  arch = 'x64',
  soname,
  needed = [],
  runpath,
  rpath,
  versions = {},
}: ElfRecipe): Buffer {
  let strings = '\0';
  const text = (value: string) => {
    const at = strings.length;
    strings += `${value}\0`;
    return at;
  };
  const entries: [tag: number, value: number][] = needed.map(name => [1, text(name)]);
  if (soname) {
    entries.push([14, text(soname)]);
  }
  if (rpath) {
    entries.push([15, text(rpath)]);
  }
  if (runpath) {
    entries.push([29, text(runpath)]);
  }
  const versionTable = makeVersions(versions, text);

  // Loaded one page above its place in the file, so that addresses and offsets differ.
  const base = 0x1000;
  const dynamicAt = 64 + 2 * 56;
  const dynamicSize = 16 * (entries.length + 5);
  const versionsAt = dynamicAt + dynamicSize;
  const stringsAt = versionsAt + versionTable.length;
  const total = stringsAt + strings.length;
  entries.push([5, base + stringsAt], [10, strings.length]);
  entries.push([0x6ffffffe, base + versionsAt], [0x6fffffff, Object.keys(versions).length], [0, 0]);

  const bytes = Buffer.alloc(total);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(3, 16);
  bytes.writeUInt16LE({ x64: 62, arm64: 183 }[arch], 18);
  bytes.writeUInt32LE(1, 20);
  writeU64(bytes, 32, [64]);
  bytes.writeUInt16LE(64, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(2, 56);
  bytes.writeUInt32LE(1, 64);
  writeU64(bytes, 72, [0, base, base, total, total, 0x1000]);
  bytes.writeUInt32LE(2, 120);
  writeU64(bytes, 128, [dynamicAt, base + dynamicAt, base + dynamicAt, dynamicSize, dynamicSize, 8]);
  writeU64(bytes, dynamicAt, entries.flat());
  versionTable.copy(bytes, versionsAt);
  bytes.write(strings, stringsAt);
  return bytes;
}

function makeVersions(versions: Record<string, string[]>, text: (value: string) => number): Buffer {
  const files = Object.entries(versions);
  return Buffer.concat(
    files.map(([file, names], index) => {
      const record = Buffer.alloc(16 * (1 + names.length));
      record.writeUInt16LE(1, 0);
      record.writeUInt16LE(names.length, 2);
      record.writeUInt32LE(text(file), 4);
      record.writeUInt32LE(16, 8);
      record.writeUInt32LE(index === files.length - 1 ? 0 : record.length, 12);
      names.forEach((name, at) => {
        record.writeUInt16LE(name.endsWith('?') ? 2 : 0, 16 * (at + 1) + 4);
        record.writeUInt32LE(text(name.replace('?', '')), 16 * (at + 1) + 8);
        record.writeUInt32LE(at === names.length - 1 ? 0 : 16, 16 * (at + 1) + 12);
      });
      return record;
    }),
  );
}

function writeU64(bytes: Buffer, at: number, values: number[]): void {
  values.forEach((value, index) => {
    bytes.writeBigUInt64LE(BigInt(value), at + 8 * index);
  });
}
