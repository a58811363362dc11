import { arch, cpus, release, totalmem, type } from 'node:os';
import { version } from '../../version.ts';
import { type CpuTimes, readCpuTimes, shareBetween } from './cpu-pressure.ts';
import { spin } from './spin.ts';

/** The machine that the figures were measured on. */
export interface Machine {
  coldpress: string;
  cpu: string;
  cpuCount: number;
  memoryMb: number;
  /** `Linux 6.1.0` */
  kernel: string;
  architecture: string;
  /** Times of a fixed piece of work before each round, which show the machine's own speed. */
  spinMs: number[];
  /** Shares of the run's time; `null` if the kernel does not report them. */
  pressure: { waited: number | null; stolen: number | null };
}

export interface MachineWatch {
  /** Times the fixed piece of work. */
  tick(): void;
  end(): Machine;
}

/** Watches the machine for the duration of a run. */
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
