import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { type Lambda, startLambda } from '../../lib/local/lambda.ts';
import { declareModel } from '../../lib/model/declarations.ts';
import { pack } from '../../lib/pack/pack.ts';
import type { PackResult } from '../../lib/pack/pack-options.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-examples-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What an example's event is answered with; `poison` are records that must fail, and the words that say why. */
const expected: Record<
  string,
  { answer: unknown; eventAnswer?: unknown; poison: [record: unknown, message: RegExp][] }
> = {
  'breast-cancer': {
    answer: { label: 'malignant', probabilities: { malignant: near(0.999), benign: near(0.001) } },
    poison: [[{ 'mean radius': 'wide' }, /mean radius: .*expected number/]],
  },
  churn: {
    answer: { label: 1, probability: { 0: near(0.096), 1: near(0.904) } },
    poison: [[{ months: 'many' }, /months/]],
  },
  claims: {
    answer: { prediction: near(880.18) },
    // Its query names contributions.
    eventAnswer: {
      prediction: near(880.18),
      contributions: expect.objectContaining({ driver_age: near(0.62), bias: near(5.56) }),
    },
    poison: [[{ region: 'many' }, /region/]],
  },
  text: {
    answer: { topic: 'delivery', probability: near(0.947) },
    poison: [
      [{ text: '   ' }, /text: /],
      [{ text: 'a'.repeat(10_001) }, /text: .*10000/],
    ],
  },
  image: {
    answer: { pattern: 'checks', probability: near(0.98) },
    poison: [
      [{ image: '?' }, /image: .*Base64/],
      [{ image: '/9j/4AAQ' }, /image: not a JPEG/],
      // A JPEG of 65,535 by 65,535 pixels, in 21 bytes.
      [{ image: '/9j/wAARCP////8DAREAAhEAAxEA' }, /image: not a JPEG.*exceed/],
    ],
  },
};

function near(value: number) {
  return expect.closeTo(value, 2);
}

test('every example is here', () => {
  const folders = readdirSync(examples, { withFileTypes: true }).filter(entry => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
});

describe.each(Object.entries(expected))('%s', (name, { answer, eventAnswer = answer, poison }) => {
  const dir = join(examples, name);
  const record: unknown = readJson('record.json');
  let packed: PackResult;
  let lambda: Lambda;

  const [model = ''] = readdirSync(dir).filter(file => /^model\.(onnx|txt|ubj)$/.test(file));
  // Before it is packed, which updates them.
  const types = readFileSync(join(dir, `${model}.d.ts`), 'utf8');
  beforeAll(async () => {
    packed = await pack({
      cwd: dir,
      env: process.env,
      arch: process.arch === 'arm64' ? 'arm64' : 'x64',
      out: join(scratch, name),
    });
    lambda = await startLambda(join(scratch, name), { host: hostOf(process) });
  });
  afterAll(() => lambda?.close());

  function readJson(file: string) {
    return JSON.parse(readFileSync(join(dir, file), 'utf8'));
  }

  async function invoke(event: unknown) {
    const { payload, functionError, logs } = await lambda.invoke(Buffer.from(JSON.stringify(event)));
    return { answer: JSON.parse(payload.toString()), functionError, logs };
  }

  test('answers its event, which posts its record', async () => {
    const event = readJson('event.json');
    expect(JSON.parse(event.body)).toEqual(record);
    const response = (await invoke(event)).answer;
    expect(response, response.body).toMatchObject({ statusCode: 200 });
    expect(JSON.parse(response.body)).toEqual(eventAnswer);
  });

  test('scores a batch as it scores one', async () => {
    const [first, ...rest] = (await invoke([record, record, record])).answer;
    expect(first).toEqual(answer);
    expect(rest).toEqual([first, first]);
  });

  test.each(poison)('refuses %j by HTTP, with 422 and the reason', async (bad, message) => {
    const event = { ...readJson('event.json'), body: JSON.stringify(bad) };
    const response = (await invoke(event)).answer;
    expect(response.statusCode).toBe(422);
    expect(JSON.parse(response.body).error).toMatch(message);
  });

  test('fails the poisonous messages of a queue alone', async () => {
    const bodies = [record, ...poison.map(([bad]) => bad), record];
    const Records = bodies.map((body, index) => ({
      messageId: `message-${index}`,
      body: JSON.stringify(body),
      attributes: {},
      messageAttributes: {},
      eventSource: 'aws:sqs',
    }));
    const { answer, functionError } = await invoke({ Records });
    expect(functionError).toBeUndefined();
    expect(answer).toEqual({
      batchItemFailures: poison.map((_, index) => ({ itemIdentifier: `message-${index + 1}` })),
    });
  });

  test('has the types that its model has', () => {
    expect(types).toBe(declareModel(packed.manifest.signature, model));
  });

  test('is small', () => {
    expect(packed.zips.find(zip => zip.name === 'function.zip')!.sizeBytes).toBeLessThan(110_000);
  });
});
