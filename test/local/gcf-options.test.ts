import { expect, test } from 'vitest';
import { type GcfOptions, resolveGcfOptions } from '../../lib/local/gcf/options.ts';
import { host, tinyManifest } from './tiny-artifact.ts';

const resolve = (options: Partial<GcfOptions>) =>
  resolveGcfOptions({ host, port: 0, signature: 'http', ...options }, tinyManifest);

test.each<[Partial<GcfOptions>, Partial<GcfOptions>]>([
  [{}, { memoryMb: 256, timeoutSeconds: 60 }],
  [{ memoryMb: 16_384 }, { memoryMb: 16_384 }],
  [{ timeoutSeconds: 3600 }, { timeoutSeconds: 3600 }],
])("%j: Cloud Run's limits and defaults, not those of Lambda", (options, expected) => {
  expect(resolve(options)).toMatchObject(expected);
});

test.each<Partial<GcfOptions>>([{ memoryMb: 64 }, { memoryMb: 32_769 }, { timeoutSeconds: 3601 }])(
  '%j is refused',
  options => {
    expect(() => resolve(options)).toThrow(expect.objectContaining({ code: 'OPTION_OUT_OF_RANGE' }));
  },
);
