import { availableParallelism } from 'node:os';
import { type CpuShare, createCpuShare } from './machine/cpu-share.ts';
import type { Warning } from './warning.ts';

let groups = 0;

/**
 * Applies the CPU share of a memory size if the machine has enough CPUs and allows limits; otherwise returns a note.
 */
export function imposeCpuShare(wanted: {
  name: string;
  memoryMb: number;
  vcpu: number;
  onNote(note: Warning): void;
}): CpuShare | undefined {
  const { name, memoryMb, vcpu } = wanted;
  const note = (code: string, message: string, hint: string) =>
    wanted.onNote({ code, variant: name, message, hint });
  const cpuCount = availableParallelism();
  if (vcpu > cpuCount) {
    note(
      'cpu-share-too-large',
      `${memoryMb} MB come with ${vcpu.toFixed(2)} vCPUs, and this machine has ${cpuCount}: not measured as such`,
      'compare the sizes below with --memory, or measure on a larger machine',
    );
    return undefined;
  }
  groups++;
  const share = createCpuShare(vcpu, `coldpress-bench-${process.pid}-${groups}`);
  if ('unavailable' in share) {
    note(
      'cpu-share-unavailable',
      `the CPU share of ${memoryMb} MB could not be imposed (${share.unavailable}): its times are those of a whole CPU`,
      'run as root on Linux, or leave --memory out',
    );
    return undefined;
  }
  return share;
}
