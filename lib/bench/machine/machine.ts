import { arch, cpus, release, totalmem, type } from 'node:os';
import { version } from '../../version.ts';
import { type CpuTimes, readCpuTimes, shareBetween } from './cpu-pressure.ts';
import { spin } from './spin.ts';

/** What the figures were taken on. */
export interface Machine {
  coldpress: string;
  cpu: string;
  cpuCount: number;
  memoryMb: number;
  /** `Linux 6.1.0` */
  kernel: string;
  architecture: string;
  /** A fixed piece of work, timed before each round: the machine's own speed. */
  spinMs: number[];
  /** Shares of the run; `null` where the kernel does not tell. */
  pressure: { waited: number | null; stolen: number | null };
}

export interface MachineWatch {
  /** Times the fixed piece of work. */
  tick(): void;
  end(): Machine;
}

/** Watches the machine for as long as a run lasts. */
export function watchMachine(): MachineWatch {
  const before: CpuTimes = readCpuTimes();
  const spinMs: number[] = [];
  return {
    tick: () => void spinMs.push(spin()),
    end: () => ({
      coldpress: version,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cpuCount: cpus().length,
      memoryMb: Math.round(totalmem() / 2 ** 20),
      kernel: `${type()} ${release()}`,
      architecture: arch(),
      spinMs,
      pressure: shareBetween(before, readCpuTimes()),
    }),
  };
}
