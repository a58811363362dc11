import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import type { Host } from '../local/host.ts';

/**
 * Rejects an artifact whose native files this machine cannot run: with the machine's own files instead, the times would
 * be those of another function.
 * @throws ColdpressError `BENCH_OTHER_CPU`
 */
export function checkExecutable({ name, architecture }: Manifest, { platform, arch }: Host): void {
  if (architecture === 'any' || (platform === 'linux' && arch === architecture)) {
    return;
  }
  throw new ColdpressError(
    'BENCH_OTHER_CPU',
    `${name} was packed for linux-${architecture}, and this machine is ${platform}-${arch}: it cannot be timed here`,
    {
      hint:
        platform === 'linux'
          ? `Pack it again with --arch ${arch}, or measure on a machine that has its CPU.`
          : 'Measure on Linux.',
    },
  );
}
