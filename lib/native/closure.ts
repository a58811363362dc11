import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { isSystemLibrary, type LinuxSystem } from '../targets/linux-system.ts';
import { compareVersions, type ElfFile, readElf } from './elf.ts';
import { type SourcedFile, sourcedFile } from './sourced-file.ts';

export interface ClosureOptions {
  arch: Architecture;
  /** The Linux system that must be able to load the files; one of LINUX_SYSTEMS. */
  system: LinuxSystem;
  /** Why the entry is included. @default 'native addon' */
  reason?: string;
}

/**
 * Returns exactly the files needed to load a native addon: the addon and every library that it and its libraries need
 * and the system lacks, found like the dynamic linker finds them. Paths are relative to the addon's folder.
 * Throws NATIVE_NOT_ELF, NATIVE_WRONG_CPU, NATIVE_LIBRARY_MISSING or NATIVE_SYSTEM_TOO_OLD.
 */
export function nativeClosure(entryFile: string, options: ClosureOptions): SourcedFile[] {
  const home = dirname(resolve(entryFile));
  const found: SourcedFile[] = [];
  const queue = [
    { source: resolve(entryFile), reason: options.reason ?? 'native addon', inherited: [] as string[] },
  ];
  const seen = new Set(queue.map(item => basename(item.source)));
  for (const { source, reason, inherited } of queue) {
    const bytes = readFileSync(source);
    const elf = openElf(source, bytes);
    checkFits(source, elf, options);
    found.push(sourcedFile(source, { path: relative(home, source).split(sep).join('/'), reason, bytes }));
    const rpath = elf.runpath.length ? [] : [...expandOrigin(elf.rpath, source), ...inherited];
    const folders = elf.runpath.length ? expandOrigin(elf.runpath, source) : rpath;
    for (const name of elf.needed.filter(name => !isSystemLibrary(name) && !seen.has(name))) {
      seen.add(name);
      const library = folders.map(folder => join(folder, name)).find(path => existsSync(path));
      if (!library) {
        throw missingLibrary(source, name, options);
      }
      queue.push({ source: library, reason: `needed by ${basename(source)}`, inherited: rpath });
    }
  }
  return found;
}

// Paths without $ORIGIN are folders of this machine, whose contents are not on the target.
function expandOrigin(paths: string[], source: string): string[] {
  const origin = /^\$(?:ORIGIN|\{ORIGIN\})(?=\/|$)/;
  return paths.filter(path => origin.test(path)).map(path => path.replace(origin, dirname(source)));
}

function openElf(source: string, bytes: Buffer): ElfFile {
  try {
    return readElf(bytes);
  } catch (cause) {
    throw new ColdpressError('NATIVE_NOT_ELF', `${source} is ${(cause as Error).message}`, {
      hint: 'A function runs on Linux: install the package’s build for Linux.',
      cause,
    });
  }
}

function checkFits(source: string, elf: ElfFile, { arch, system }: ClosureOptions): void {
  if (elf.architecture !== arch) {
    throw new ColdpressError(
      'NATIVE_WRONG_CPU',
      `${source} is for ${elf.architecture ?? 'another CPU'}; the function runs on ${arch}`,
      {
        hint: `Install the package’s build for linux-${arch}, or pack with --arch ${elf.architecture ?? arch}.`,
      },
    );
  }
  for (const [family, offered] of Object.entries(system.provides)) {
    const wanted = elf.requires[family];
    if (wanted && compareVersions(wanted, offered) > 0) {
      throw new ColdpressError(
        'NATIVE_SYSTEM_TOO_OLD',
        `${source} needs ${family}_${wanted}; ${system.name} has ${family}_${offered}`,
        { hint: 'Use a version of the package that was built on an older Linux, or a newer runtime.' },
      );
    }
  }
}

function missingLibrary(source: string, name: string, { arch, system }: ClosureOptions): ColdpressError {
  const musl = name.startsWith('libc.musl') || name === 'libc.so';
  return new ColdpressError(
    'NATIVE_LIBRARY_MISSING',
    musl
      ? `${source} is built for musl (Alpine Linux); ${system.name} has glibc`
      : `${source} needs ${name}, which is neither in its folder nor part of ${system.name}`,
    {
      hint: musl
        ? `Install the package’s glibc build for linux-${arch}.`
        : 'Reinstall the package; its files are incomplete, or it expects a library of the system that built it.',
    },
  );
}
