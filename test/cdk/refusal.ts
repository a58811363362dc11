import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { OnnxFunction } from '../../lib/cdk/index.ts';
import { errorOf, type Given, newFunction, newStack } from './app.ts';

/** What is built, and the code and words of its refusal. */
export type Refusal = [name: string, build: () => unknown, code: string, says: RegExp];

export const given = (props: Given) => () => newFunction(newStack(), props);

export const alone = (props: ConstructorParameters<typeof OnnxFunction>[2]) => () =>
  new OnnxFunction(newStack(), 'Churn', props);

export const withFunction =
  (build: (fn: OnnxFunction) => unknown, props: Given = {}) =>
  () =>
    build(newFunction(newStack(), props));

export function testRefusals(refusals: Refusal[]): void {
  test.each(refusals)('%s', (_name, build, code, says) => {
    const error = errorOf(build);
    expect(error.message).toMatch(says);
    expect(error.code).toBe(code);
    // The construct's path, coldpress's own words, and no stack.
    expect(error.message).toMatch(/^Test\/[\w/]+: [A-Z_]+: /);
    expect(error.stack).toBe(`ColdpressError: ${error.message}`);
    // Node prints an uncaught error this way.
    expect(inspect(error)).toBe(`[${error.stack}]`);
  });
}
