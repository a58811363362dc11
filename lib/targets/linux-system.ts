/** The Linux system that a function runs on, as far as it matters to native files. */
export interface LinuxSystem {
  name: string;
  /** The highest version that its libraries provide of each version family. */
  provides: { GLIBC: string; GLIBCXX: string; CXXABI: string };
}

/**
 * GLIBCXX and CXXABI by GCC's table (libstdc++ manual, "ABI Policy and Guidelines"): GCC 11 is 3.4.29 and 1.3.13,
 * GCC 12 is 3.4.30, GCC 14 is 3.4.33 and 1.3.15.
 */
export const LINUX_SYSTEMS = {
  // Amazon Linux 2023's own images have GCC 14's libstdc++ since 2025, but Lambda's hosts were seen to still have GCC
  // 11's (amazonlinux/container-images#132), so only the lower version is reliable.
  'amazon-linux-2023': {
    name: 'Amazon Linux 2023',
    provides: { GLIBC: '2.34', GLIBCXX: '3.4.29', CXXABI: '1.3.13' },
  },
  // The versions of GCC 12.
  'debian-12': { name: 'Debian 12', provides: { GLIBC: '2.36', GLIBCXX: '3.4.30', CXXABI: '1.3.13' } },
  // Ubuntu's libstdc++6 comes from a newer GCC than its default compiler: 12 in 22.04, 14 in 24.04.
  'ubuntu-22.04': { name: 'Ubuntu 22.04', provides: { GLIBC: '2.35', GLIBCXX: '3.4.30', CXXABI: '1.3.13' } },
  'ubuntu-24.04': { name: 'Ubuntu 24.04', provides: { GLIBC: '2.39', GLIBCXX: '3.4.33', CXXABI: '1.3.15' } },
} as const satisfies Record<string, LinuxSystem>;

const SYSTEM_LIBRARY =
  /^(ld-linux-(x86-64|aarch64)|lib(c|m|dl|pthread|rt|util|resolv|gcc_s|stdc\+\+|mvec|anl|nsl))\.so\.\d+$/;

/** Whether every system in the list includes the library: glibc's own, libgcc_s and libstdc++. */
export function isSystemLibrary(name: string): boolean {
  return SYSTEM_LIBRARY.test(name);
}
