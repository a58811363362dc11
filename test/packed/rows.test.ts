import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { pack } from '../../lib/pack/pack.ts';
import { type RowModel, writeRowModel } from '../model/rows/row-models.ts';
import { makeScratch } from './pack-example.ts';

/** Callers that are served at once get their own answers; callers.test.ts has the targets whose requests share runs. */

const scratch = makeScratch();
const callers = 8;
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

const cases = [
  // A function of Lambda has one request at a time: its records come together in a request.
  { target: 'aws-lambda', name: 'targets', requests: 25 },
] as const satisfies { target: string; name: RowModel; requests: number }[];

describe.each(cases)('$name on $target', ({ target, name, requests }) => {
  let served: ServedArtifact;

  beforeAll(async () => {
    const out = join(scratch, `${target}-${name}`);
    const model = writeRowModel(name, scratch);
    await pack({ cwd: scratch, env: process.env, model, target, out, arch });
    served = await serveArtifact(out, { host: hostOf(process), port: 0 });
  }, 60_000);

  afterAll(() => served.close());

  /** Records of one caller are far larger than those of another. */
  const record = (caller: number) => ({ x: [1, -2, 3, 0.5].map(value => value * 7 ** caller) });

  async function ask(body: unknown): Promise<unknown> {
    const response = await fetch(served.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json();
  }

  test(`${callers} callers get what each gets alone`, { timeout: 60_000 }, async () => {
    const alone: unknown[] = [];
    for (let caller = 0; caller < callers; caller++) {
      alone.push(await ask(record(caller)));
    }
    const others = await Promise.all(
      alone.map(async (own, caller) => {
        let wrong = 0;
        for (let request = 0; request < requests; request++) {
          wrong += isNear(await ask(record(caller)), own) ? 0 : 1;
        }
        return wrong;
      }),
    );
    expect(others).toEqual(Array(callers).fill(0));
    const together = (await ask(alone.map((_, caller) => record(caller)))) as unknown[];
    expect(together.map((result, caller) => isNear(result, alone[caller]))).toEqual(
      Array(callers).fill(true),
    );
  });
});

/** But for the last bits of a sum in another order. */
function isNear(actual: unknown, expected: unknown): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected));
  }
  const [left, right] = [actual, expected].map(value => Object.entries(value as object));
  return (
    left!.length === right!.length &&
    left!.every(([key, value], index) => right![index]![0] === key && isNear(value, right![index]![1]))
  );
}
