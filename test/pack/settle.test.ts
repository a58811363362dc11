import { expect, test } from 'vitest';
import { inBackground } from '../../lib/pack/in-background.ts';
import { settledAbort } from '../../lib/settle.ts';

const failure = new Error('the child ended');

test('an abort that is delivered after the failure that it caused is the news', async () => {
  const controller = new AbortController();
  setImmediate(() => controller.abort('interrupted'));
  expect(await settledAbort(failure, controller.signal)).toBe('interrupted');
});

test.each([
  ['no signal', undefined],
  ['a signal that did not abort', new AbortController().signal],
])('with %s the failure is', async (_, signal) => {
  expect(await settledAbort(failure, signal)).toBe(failure);
});

test('a failure of work beside is thrown where its result is wanted', async () => {
  const result = inBackground(Promise.reject(failure));
  // Time enough for a rejection that nobody handles to end the process.
  await new Promise(resolve => setImmediate(resolve));
  await expect(result()).rejects.toBe(failure);
  await expect(inBackground(Promise.resolve(1))()).resolves.toBe(1);
});
