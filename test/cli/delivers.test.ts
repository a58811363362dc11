import { expect, test } from 'vitest';
import { runOptions } from '../../lib/cli/flags.ts';

test.each([
  [{}, false],
  [{ env: { RESULTS: 'queue' } }, false],
  [{ deliver: true } as const, true],
  [{ env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' } }, true],
  [{ env: { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:4566' } }, true],
  [{ env: { AWS_ACCESS_KEY_ID: 'key' } }, true],
  [{ env: { STORAGE_EMULATOR_HOST: '127.0.0.1:9199' } }, true],
])('%j uses the real sinks: %s', (flags, delivers) => {
  expect(runOptions(flags, new AbortController().signal).delivers).toBe(delivers);
});
