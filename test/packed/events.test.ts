import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { type Lambda, startLambda } from '../../lib/local/lambda.ts';
import { pack } from '../../lib/pack/pack.ts';

/** An event as its source sends it, and what comes of it. */
interface Golden {
  event: unknown;
  expected: {
    /** Fields of the answer, or the whole of what is no object. */
    answer?: object | null;
    /** What the error's message begins with. */
    error?: string;
    records: number;
    failures: number;
  };
}

const events = fileURLToPath(new URL('events', import.meta.url));
const example = fileURLToPath(new URL('../../examples/breast-cancer', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-events-'));

let lambda: Lambda;

beforeAll(async () => {
  const out = join(scratch, 'out');
  await pack({ cwd: example, env: process.env, arch: process.arch === 'arm64' ? 'arm64' : 'x64', out });
  lambda = await startLambda(out, { host: hostOf(process) });
});

afterAll(async () => {
  await lambda?.close();
  rmSync(scratch, { recursive: true, force: true });
});

test.each(readdirSync(events))('%s', async file => {
  const { event, expected }: Golden = JSON.parse(readFileSync(join(events, file), 'utf8'));
  const { payload, functionError, logs } = await lambda.invoke(Buffer.from(JSON.stringify(event)));
  const answer = JSON.parse(payload.toString());
  if (expected.error === undefined) {
    expect(functionError, payload.toString()).toBeUndefined();
    if (expected.answer === null) {
      expect(answer).toBeNull();
    } else {
      expect(answer).toMatchObject(expected.answer!);
    }
  } else {
    expect(functionError).toBe('Unhandled');
    expect(answer.errorMessage.startsWith(expected.error), answer.errorMessage).toBe(true);
  }
  expect(logs).not.toContain('SECRET');
  const line = logs.split('\n').find(text => text.startsWith('{"_aws"'))!;
  const { records, failures, model, modelSha256 } = JSON.parse(line);
  expect({ records, failures, model }).toEqual({
    records: expected.records,
    failures: expected.failures,
    model: 'breast-cancer',
  });
  expect(modelSha256).toMatch(/^[0-9a-f]{64}$/);
});
