import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Manifest } from '../../lib/contract/manifest.ts';
import { readAnswer } from '../../lib/local/answer.ts';
import { invokeOnce } from '../../lib/local/invoke.ts';
import { type Lambda, startLambda } from '../../lib/local/lambda.ts';
import { deliveriesIn } from '../../lib/local/log/split-log.ts';
import { makeSample, sampleEvents } from '../../lib/local/sample-events/make.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';
import { host } from './tiny-artifact.ts';

const record = { x: [1.5, -2] };
const answer = { y: [3, -4] };
const now = new Date();
let manifest: Record<'aws-lambda' | 'gcf', Manifest>;
/** For all, as a cold start each would take long. */
let lambda: Lambda;
const dirs = { 'aws-lambda': '', gcf: '' };

beforeAll(async () => {
  const cwd = folder('sample-events');
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  writeFileSync(join(cwd, 'samples.jsonl'), `${JSON.stringify({ ...record, y: answer.y })}\n`);
  const config = (sinks: object, store: string) =>
    `export default ${JSON.stringify({ model: 'model.onnx', samples: 'samples.jsonl', sinks, events: { objects: { store, format: 'jsonl' } } })};\n`;
  const queueUrl = { env: 'RESULTS_QUEUE_URL' };
  writeFileSync(join(cwd, 'aws.config.ts'), config({ results: { type: 'sqs', queueUrl } }, 's3'));
  writeFileSync(
    join(cwd, 'gcf.config.ts'),
    config({ results: { type: 'pubsub', topic: 'projects/p/topics/t' } }, 'gcs'),
  );
  const packed = async (target: 'aws-lambda' | 'gcf', file: string) => {
    const out = join(cwd, target);
    dirs[target] = out;
    return (await pack({ cwd, env: process.env, target, config: file, out })).manifest;
  };
  manifest = {
    'aws-lambda': await packed('aws-lambda', 'aws.config.ts'),
    gcf: await packed('gcf', 'gcf.config.ts'),
  };
  lambda = await startLambda(dirs['aws-lambda'], { host, delivers: false });
}, 120_000);

afterAll(() => lambda.close());

/** Where the results of an event go: to a sink, or into the answer. */
const answered = new Set(['firehose', 'direct', 'batch', 'http', 'http-v1', 'alb', 'lattice']);
const objects = new Set(['s3', 's3-batch', 'cloud-storage']);

test.each(sampleEvents.map(({ name, target }) => ({ name, target: target as 'aws-lambda' | 'gcf' })))(
  '$name: the function scores it, and what would be delivered is in the result',
  { timeout: 60_000 },
  async ({ name, target }) => {
    const dir = dirs[target];
    const question = await makeSample(dir, manifest[target], { sample: name, record: undefined, now });
    const result = await (target === 'gcf'
      ? invokeOnce(dir, { host, delivers: false, ...question })
      : lambda.invoke(Buffer.from(question.event!)).then(ended => ({ ...readAnswer(ended), ...ended })));
    expect(result.functionError, JSON.stringify(result.answer)).toBeUndefined();
    const deliveries = deliveriesIn(result.logs);
    if (answered.has(name)) {
      const text = JSON.stringify(result.answer).replace(/"data":"([^"]+)"/, (_, data) =>
        Buffer.from(data, 'base64').toString(),
      );
      expect(text).toContain('[3,-4]');
      expect(deliveries).toEqual([]);
    } else if (name === 'schedule') {
      expect(deliveries).toEqual([]);
    } else {
      const to = target === 'gcf' ? 'pubsub projects/p/topics/t' : 'sqs $RESULTS_QUEUE_URL';
      const [first, ...others] = deliveries.toReversed();
      const found = objects.has(name) ? { records: 1, failures: 0 } : answer;
      expect(first).toMatchObject({ purpose: 'results', to, body: { result: found } });
      const written = `${target === 'gcf' ? 'gcs' : 's3'} sample-bucket/scored/incoming/sample.jsonl.jsonl`;
      expect(others).toEqual(
        objects.has(name)
          ? [{ purpose: 'results', to: written, body: `${JSON.stringify({ row: 1, result: answer })}\n` }]
          : [],
      );
    }
  },
);

test('an unknown source is refused with the ones that there are; a record of one’s own fills the event', async () => {
  const dir = dirs['aws-lambda'];
  const make = (sample: string, record?: string) =>
    makeSample(dir, manifest['aws-lambda'], { sample, record, now });
  await expect(make('pubsub')).rejects.toMatchObject({
    code: 'SAMPLE_UNKNOWN',
    hint: expect.stringContaining('sqs'),
  });
  const { event } = await make('sqs', '[{"x":[0,1]},{"x":[2,3]}]');
  expect(JSON.parse(event!).Records.map(({ body }: { body: string }) => body)).toEqual([
    '{"x":[0,1]}',
    '{"x":[2,3]}',
  ]);
});
