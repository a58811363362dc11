import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type CpuShare, createCpuShare } from '../../lib/bench/machine/cpu-share.ts';
import { lambdaVcpu } from '../../lib/targets/aws-lambda/memory.ts';
import { emptyFolder } from '../local/tiny-artifact.ts';

/** What the kernel shows, as plain files. */
async function systemWith(own: string, files: Record<string, string>) {
  const root = await emptyFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, own };
}

test('control groups of version 2: the quota of a memory size in a period of 20 ms', async () => {
  const system = await systemWith('0::/app\n', {
    'cgroup.subtree_control': 'cpu memory\n',
    'app/cgroup.subtree_control': '\n',
  });
  const share = createCpuShare(lambdaVcpu(1769 / 2), 'bench', () => system) as CpuShare;
  // The own group cannot divide its CPU, so the root does.
  expect(readFileSync(join(system.root, 'bench/cpu.max'), 'utf8')).toBe('10000 20000');
  expect(share.launcher.at(-1)).toBe(join(system.root, 'bench/cgroup.procs'));
  writeFileSync(join(system.root, 'bench/cpu.stat'), 'usage_usec 9\nnr_throttled 2\nthrottled_usec 1500\n');
  expect(share.throttledMs()).toBe(1.5);
});

test('control groups of version 1', async () => {
  const system = await systemWith('4:cpu,cpuacct:/jobs\n0::/\n', { 'cpu/jobs/cpu.cfs_quota_us': '-1' });
  const share = createCpuShare(2, 'bench', () => system) as CpuShare;
  const read = (name: string) => readFileSync(join(system.root, 'cpu/jobs/bench', name), 'utf8');
  expect([read('cpu.cfs_quota_us'), read('cpu.cfs_period_us')]).toEqual(['40000', '20000']);
  writeFileSync(join(system.root, 'cpu/jobs/bench/cpu.stat'), 'nr_throttled 2\nthrottled_time 2500000\n');
  expect(share.throttledMs()).toBe(2.5);
});

test('where there are none, or none that may divide its CPU, it says so', async () => {
  const none = await systemWith('0::/\n', { 'cgroup.subtree_control': 'memory\n' });
  expect(createCpuShare(1, 'bench', () => none)).toEqual({
    unavailable: 'no control group here may divide its CPU',
  });
  const missing = createCpuShare(1, 'bench', () => ({ root: '/', own: readFileSync('/nowhere', 'utf8') }));
  expect(missing).toEqual({ unavailable: 'this system has no control groups' });
});
