import { accessSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A limit of CPU time to start processes under. */
export interface CpuShare {
  vcpu: number;
  /** Command that replaces itself with the program in its arguments, inside the limit from its first instruction. */
  launcher: string[];
  /** Returns how long the processes have been throttled so far. */
  throttledMs(): number;
  remove(): void;
}

/**
 * 20 ms, because with the kernel's default of 100 ms a function that starts within its first quota would never be
 * throttled, at any memory size.
 */
const periodUs = 20_000;
/** The smallest quota that the kernel accepts. */
const leastQuotaUs = 1000;

interface CgroupVersion {
  name: string;
  /** Returns the folder of this process's own group; `undefined` if this version is not in use. */
  parent(system: CgroupSystem): string | undefined;
  limit(dir: string, quotaUs: number): void;
  throttledMs(stat: string): number;
}

/** The folder of control groups, and the text of /proc/self/cgroup, which names this process's own groups. */
export interface CgroupSystem {
  root: string;
  own: string;
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html and .../cgroup-v1/, "CPU" */
const versions: readonly CgroupVersion[] = [
  {
    name: 'cgroup v2',
    parent({ own, root }) {
      const dir = join(root, /^0::(.*)$/m.exec(own)?.[1] ?? '/');
      // A group that contains processes cannot divide its CPU, except the root.
      return [dir, root].find(path => hasCpu(join(path, 'cgroup.subtree_control')));
    },
    limit: (dir, quotaUs) => writeFileSync(join(dir, 'cpu.max'), `${quotaUs} ${periodUs}`),
    throttledMs: stat => Number(/^throttled_usec (\d+)$/m.exec(stat)?.[1] ?? 0) / 1e3,
  },
  {
    name: 'cgroup v1',
    parent({ own, root }) {
      const path = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(.*)$/m.exec(own)?.[1];
      const dir = path === undefined ? undefined : join(root, 'cpu', path);
      return dir !== undefined && existsSync(join(dir, 'cpu.cfs_quota_us')) ? dir : undefined;
    },
    limit(dir, quotaUs) {
      writeFileSync(join(dir, 'cpu.cfs_period_us'), String(periodUs));
      writeFileSync(join(dir, 'cpu.cfs_quota_us'), String(quotaUs));
    },
    throttledMs: stat => Number(/^throttled_time (\d+)$/m.exec(stat)?.[1] ?? 0) / 1e6,
  },
];

function thisSystem(): CgroupSystem {
  return { root: '/sys/fs/cgroup', own: readFileSync('/proc/self/cgroup', 'utf8') };
}

/**
 * Limits the CPU of processes that have yet to start.
 * @returns the limit, or the reason why it is not available
 */
export function createCpuShare(
  vcpu: number,
  name: string,
  findSystem: () => CgroupSystem = thisSystem,
): CpuShare | { unavailable: string } {
  try {
    const system = findSystem();
    for (const version of versions) {
      const parent = version.parent(system);
      if (parent !== undefined) {
        return openGroup(version, join(parent, name), vcpu);
      }
    }
    return { unavailable: 'no control group here may divide its CPU' };
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    return {
      unavailable: code === 'ENOENT' ? 'this system has no control groups' : `control groups: ${code}`,
    };
  }
}

function openGroup(version: CgroupVersion, dir: string, vcpu: number): CpuShare {
  mkdirSync(dir);
  const remove = () => rmdirSync(dir);
  try {
    version.limit(dir, Math.max(leastQuotaUs, Math.round(vcpu * periodUs)));
  } catch (error) {
    remove();
    throw error;
  }
  return {
    vcpu,
    // The shell adds itself to the group and then becomes the program.
    launcher: ['/bin/sh', '-c', 'echo 0 > "$0" && exec "$@"', join(dir, 'cgroup.procs')],
    throttledMs: () => version.throttledMs(readFileSync(join(dir, 'cpu.stat'), 'utf8')),
    remove,
  };
}

function hasCpu(path: string): boolean {
  try {
    accessSync(path);
    return readFileSync(path, 'utf8').split(/\s/).includes('cpu');
  } catch {
    return false;
  }
}
