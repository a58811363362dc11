import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { startLambda } from '../../lib/local/lambda.ts';
import { pack } from '../../lib/pack/pack.ts';
import { compile } from './compile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'coldpress-score-doc-'));
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

/** The blocks of docs/score.md: ```ts FILE, ```sh and ```json. */
const blocks = [
  ...readFileSync(join(root, 'docs/score.md'), 'utf8').matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms),
].map(([, language, file, text]) => ({ language, file: file!, text: text! }));
const sources = blocks.filter(block => block.language === 'ts');

/** The first of `record.json`'s features, as the document's own score wants them. */
const features = Object.values(
  JSON.parse(readFileSync(join(root, 'examples/breast-cancer/record.json'), 'utf8')),
);

beforeAll(() => {
  cpSync(join(root, 'examples/breast-cancer/model.onnx'), join(project, 'model.onnx'));
  for (const name of ['valibot', '@huggingface/tokenizers']) {
    cpSync(join(root, 'node_modules', name), join(project, 'node_modules', name), { recursive: true });
  }
  for (const { file, text } of sources) {
    writeFileSync(join(project, file), text);
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Answers of the packed project to direct invocations. */
async function answers(config: { score?: string; samples?: string }, events: unknown[]) {
  const name = `test-${config.score?.replace(/\W/g, '') ?? 'none'}`;
  const text = JSON.stringify({ model: './model.onnx', ...config });
  writeFileSync(join(project, `${name}.config.mjs`), `export default ${text};`);
  const out = join(project, name);
  await pack({ cwd: project, env: process.env, config: `${name}.config.mjs`, arch, out });
  const lambda = await startLambda(out, { host: hostOf(process) });
  try {
    const results = [];
    for (const event of events) {
      results.push(JSON.parse((await lambda.invoke(Buffer.from(JSON.stringify(event)))).payload.toString()));
    }
    return results;
  } finally {
    await lambda.close();
  }
}

test('every block is of a kind that is tried here', () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['ts', 'sh', 'json']));
  expect(sources.every(({ file }) => file.endsWith('.ts'))).toBe(true);
});

test('the command runs, and the sources compile with what it wrote', async () => {
  for (const { text } of blocks.filter(block => block.language === 'sh')) {
    const [npx, name, ...args] = text.trim().split(' ');
    expect([npx, name]).toEqual(['npx', 'coldpress']);
    await promisify(execFile)(process.execPath, [join(root, 'bin/coldpress.js'), ...args], { cwd: project });
  }
  expect([...(await compile(project, { skipLibCheck: true })).values()].join('')).toBe('');
});

test('without a score, records and the result are as it says', async () => {
  const [json] = blocks.filter(block => block.language === 'json').map(({ text }) => JSON.parse(text));
  const samples = join(root, 'examples/breast-cancer/samples.csv');
  const named = JSON.parse(readFileSync(join(root, 'examples/breast-cancer/record.json'), 'utf8'));
  const [byInput, [alone], byFeature] = await answers({ samples }, [
    { float_input: features },
    [features],
    named,
  ]);
  expect([alone, byFeature]).toEqual([byInput, byInput]);
  expect(byInput.output_label).toBe(json.output_label);
  expect(Object.keys(byInput.output_probability)).toEqual(Object.keys(json.output_probability));
  expect(byInput.output_probability[0]).toBeCloseTo(json.output_probability[0], 3);
});

test('its score scores a batch, and its refusal refuses one record', async () => {
  const record = { patient: 'A', features };
  const [result] = await answers({ score: './score.ts' }, [[record, { ...record, patient: 'B' }]]);
  expect(result).toEqual([
    { patient: 'A', benign: expect.closeTo(0.001, 2) },
    { patient: 'B', benign: expect.closeTo(0.001, 2) },
  ]);
  const csv = readFileSync(join(root, 'examples/breast-cancer/samples.csv'), 'utf8').split('\n');
  // scikit-learn answers this row with 0.53.
  const unsure = csv[57]!.split(',').slice(0, 30).map(Number);
  const Records = [features, unsure, features].map((body, index) => ({
    messageId: `message-${index}`,
    body: JSON.stringify(body),
    eventSource: 'aws:sqs',
    attributes: {},
    messageAttributes: {},
  }));
  const [refused] = await answers({ score: './refuse.ts' }, [{ Records }]);
  expect(refused).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
});
