import type { Architecture } from '../contract/manifest.ts';

const OS =
  /(?:^|[-_./])(linux|linuxmusl|darwin|macos|win32|windows|android|freebsd|openbsd|netbsd|sunos|aix|openharmony)(?=$|[-_./])/;
const CPU: Record<Architecture, RegExp> = {
  x64: /(?:^|[-_./])(x64|x86_64|amd64)(?=$|[-_./])/,
  arm64: /(?:^|[-_./])(arm64|aarch64)(?=$|[-_./])/,
};

/** Whether a package contains one platform's part of another package, by its name: `@img/sharp-linux-arm64`. */
export function isPlatformName(name: string): boolean {
  return OS.test(name);
}

/** Whether the platform in the name is Linux with glibc on this CPU. */
export function isPlatformOf(name: string, arch: Architecture): boolean {
  return OS.exec(name)?.[1] === 'linux' && CPU[arch].test(name) && !name.includes('musl');
}
