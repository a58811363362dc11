import type { Architecture } from '../contract/manifest.ts';

/** The parts of a shared library that the dynamic linker reads. */
export interface ElfFile {
  /** `null` if no target has this CPU. */
  architecture: Architecture | null;
  soname: string | null;
  needed: string[];
  /** Search paths for `needed`, unexpanded, with `$ORIGIN`. Libraries found through them do not inherit them. */
  runpath: string[];
  /** The older kind of search path, which is inherited, and used only if there is no runpath. */
  rpath: string[];
  /** The highest version required of each version family: `{ GLIBC: '2.28', GLIBCXX: '3.4.22' }`. */
  requires: Record<string, string>;
}

// ELF-64 Object File Format 1.5, and the GNU extensions of the Linux Standard Base 5.0, chapter 10.7.
const MACHINES: Record<number, Architecture> = { 62: 'x64', 183: 'arm64' };
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT = {
  NEEDED: 1,
  STRTAB: 5,
  SONAME: 14,
  RPATH: 15,
  RUNPATH: 29,
  VERNEED: 0x6ffffffe,
  VERNEEDNUM: 0x6fffffff,
};
const VER_FLG_WEAK = 2;
// Marks a library with packed relative relocations, which glibc supports since 2.36.
const MARKERS: Record<string, string> = { GLIBC_ABI_DT_RELR: 'GLIBC_2.36' };

/** Returns the CPU of a 64-bit little-endian ELF file; `undefined` for other files. Needs the first 20 bytes. */
export function elfArchitecture(bytes: Buffer): Architecture | null | undefined {
  const isElf64 =
    bytes.length >= 20 && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
  return isElf64 ? (MACHINES[bytes.readUInt16LE(18)] ?? null) : undefined;
}

/** Reads a 64-bit little-endian ELF file. Throws a plain `Error` if it is not one, truncated or statically linked. */
export function readElf(bytes: Buffer): ElfFile {
  const architecture = elfArchitecture(bytes);
  if (architecture === undefined) {
    throw new Error('not a 64-bit little-endian ELF file');
  }
  try {
    return { architecture, ...readDynamic(bytes) };
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Error('a truncated or damaged ELF file', { cause: error });
    }
    throw error;
  }
}

function readDynamic(bytes: Buffer): Omit<ElfFile, 'architecture'> {
  const segments = programHeaders(bytes);
  const dynamic = segments.find(segment => segment.type === PT_DYNAMIC);
  if (!dynamic) {
    throw new Error('an ELF file without a dynamic section');
  }
  const entries: { tag: number; value: number }[] = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = u64(bytes, at);
    if (tag === 0) {
      break;
    }
    entries.push({ tag, value: u64(bytes, at + 8) });
  }
  const values = (tag: number) => entries.filter(entry => entry.tag === tag).map(entry => entry.value);
  const offsetOf = (address: number) => {
    const home = segments.find(
      s => s.type === PT_LOAD && address >= s.address && address < s.address + s.size,
    );
    if (!home) {
      throw new RangeError(`address ${address} is outside every segment`);
    }
    return home.offset + address - home.address;
  };
  const strings = offsetOf(values(DT.STRTAB)[0] ?? 0);
  const text = (at: number) => cString(bytes, strings + at);
  const paths = (tag: number) => values(tag).flatMap(at => text(at).split(':').filter(Boolean));
  const soname = values(DT.SONAME)[0];
  const versions = values(DT.VERNEED)[0];
  return {
    soname: soname === undefined ? null : text(soname),
    needed: values(DT.NEEDED).map(text),
    runpath: paths(DT.RUNPATH),
    rpath: paths(DT.RPATH),
    requires:
      versions === undefined
        ? {}
        : highestVersions(versionNames(bytes, offsetOf(versions), values(DT.VERNEEDNUM)[0] ?? 0, text)),
  };
}

function programHeaders(bytes: Buffer) {
  const start = u64(bytes, 32);
  const size = bytes.readUInt16LE(54);
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, index) => {
    const at = start + index * size;
    return {
      type: bytes.readUInt32LE(at),
      offset: u64(bytes, at + 8),
      address: u64(bytes, at + 16),
      size: u64(bytes, at + 32),
    };
  });
}

function versionNames(bytes: Buffer, start: number, count: number, text: (at: number) => string): string[] {
  const names: string[] = [];
  for (let file = start, left = count; left > 0; left -= 1) {
    let version = file + bytes.readUInt32LE(file + 8);
    for (let auxiliary = bytes.readUInt16LE(file + 2); auxiliary > 0; auxiliary -= 1) {
      if (!(bytes.readUInt16LE(version + 4) & VER_FLG_WEAK)) {
        names.push(text(bytes.readUInt32LE(version + 8)));
      }
      version += bytes.readUInt32LE(version + 12);
    }
    const next = bytes.readUInt32LE(file + 12);
    if (next === 0) {
      break;
    }
    file += next;
  }
  return names;
}

function highestVersions(names: string[]): Record<string, string> {
  const highest: Record<string, string> = {};
  for (const name of names) {
    const [, family, version] = /^(\w+?)_(\d+(?:\.\d+)*)$/.exec(MARKERS[name] ?? name) ?? [];
    if (family && version && compareVersions(version, highest[family] ?? '0') > 0) {
      highest[family] = version;
    }
  }
  return highest;
}

/** Compares dotted numbers: `2.4` is below `2.28`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function u64(bytes: Buffer, at: number): number {
  const value = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`offset ${value} is out of range`);
  }
  return value;
}

function cString(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  if (at >= bytes.length || end < 0) {
    throw new RangeError(`no string at ${at}`);
  }
  return bytes.toString('utf8', at, end);
}
