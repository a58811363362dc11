import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { pack } from '../../lib/pack/pack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-oip-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const text = { type: 'string' };
const tensor = {
  type: 'object',
  properties: { name: text, datatype: text, shape: { type: 'array', items: { type: 'integer' } } },
  required: ['name', 'datatype', 'shape'],
};
const outputs = {
  type: 'array',
  items: {
    ...tensor,
    properties: { ...tensor.properties, data: { type: 'array' }, parameters: { type: 'object' } },
    required: [...tensor.required, 'data'],
  },
};

/** The protocol's answers: https://github.com/kserve/open-inference-protocol/tree/main/specification/protocol */
const schemas = {
  server: {
    type: 'object',
    properties: { name: text, version: text, extensions: { type: 'array', items: text } },
    required: ['name', 'version', 'extensions'],
  },
  model: {
    type: 'object',
    properties: {
      name: text,
      versions: { type: 'array', items: text },
      platform: text,
      inputs: { type: 'array', items: tensor },
      outputs: { type: 'array', items: tensor },
    },
    required: ['name', 'platform', 'inputs', 'outputs'],
  },
  infer: {
    type: 'object',
    properties: { model_name: text, model_version: text, id: text, parameters: { type: 'object' }, outputs },
    required: ['model_name', 'outputs'],
  },
  error: { type: 'object', properties: { error: text }, required: ['error'] },
  health: { type: 'object' },
};

interface TensorMetadata {
  name: string;
  datatype: string;
  shape: number[];
}

/** What the schemas above have seen to, where they ask for it. */
interface Answer {
  name: string;
  versions: string[];
  model_version: string;
  inputs: TensorMetadata[];
  outputs: (TensorMetadata & { data: unknown[] })[];
}

/** A client that knows the protocol and nothing of who serves it. */
function openClient(url: string) {
  const ajv = new Ajv({ strict: false });
  return async (kind: keyof typeof schemas, path: string, body?: object) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const response = await fetch(`${url}${path}`, body === undefined ? {} : init);
    const answer = (await response.json()) as Answer;
    const expected = response.ok ? kind : 'error';
    expect(ajv.validate(schemas[expected], answer), `${path}: ${ajv.errorsText()}`).toBe(true);
    return { status: response.status, answer };
  };
}

/** The least that metadata lets a client send: dimensions that vary are 2. */
function zeros({ name, datatype, shape }: TensorMetadata) {
  const dims = shape.map(size => (size === -1 ? 2 : size));
  const zero = { BOOL: false, BYTES: '' }[datatype] ?? 0;
  return { name, datatype, shape: dims, data: Array(dims.reduce((a, b) => a * b, 1)).fill(zero) };
}

describe.each([
  ['breast-cancer', 'breast-cancer'],
  ['text', 'tickets'],
])('the example %s, to a client of the protocol', (example, name) => {
  let served: ServedArtifact;
  let call: ReturnType<typeof openClient>;

  beforeAll(async () => {
    const out = join(scratch, example);
    await pack({
      cwd: join(root, 'examples', example),
      env: process.env,
      arch: process.arch === 'arm64' ? 'arm64' : 'x64',
      out,
    });
    served = await serveArtifact(out, { host: hostOf(process), port: 0 });
    call = openClient(served.url);
  });
  afterAll(() => served?.close());

  test('is live, ready and described', async () => {
    for (const path of ['/v2/health/live', '/v2/health/ready', `/v2/models/${name}/ready`]) {
      expect((await call('health', path)).status, path).toBe(200);
    }
    expect((await call('server', '/v2')).status).toBe(200);
    const { answer: model } = await call('model', `/v2/models/${name}`);
    expect(model.name).toBe(name);
    for (const version of model.versions) {
      const { answer } = await call('model', `/v2/models/${name}/versions/${version}`);
      expect(answer).toEqual(model);
    }
  });

  test('answers what its metadata says that it takes, in the shapes that it says', async () => {
    const { answer: model } = await call('model', `/v2/models/${name}`);
    const request = { id: '42', inputs: model.inputs.map(zeros) };
    const { answer, status } = await call('infer', `/v2/models/${name}/infer`, request);
    expect(status, JSON.stringify(answer)).toBe(200);
    expect(answer).toMatchObject({ id: '42', model_name: name });
    expect(answer.outputs).toHaveLength(model.outputs.length);
    for (const [index, { name, datatype, shape, data }] of answer.outputs.entries()) {
      const declared = model.outputs[index]!;
      expect({ name, datatype }).toEqual({ name: declared.name, datatype: declared.datatype });
      expect(shape).toEqual(declared.shape.map(size => (size === -1 ? 2 : size)));
      expect(data.flat(Number.POSITIVE_INFINITY)).toHaveLength(shape.reduce((a, b) => a * b, 1));
    }
  });

  test('gives the outputs that are asked for, of the version that is asked', async () => {
    const { answer: model } = await call('model', `/v2/models/${name}`);
    const last = model.outputs.at(-1)!;
    const request = { inputs: model.inputs.map(zeros), outputs: [{ name: last.name }] };
    const path = `/v2/models/${name}/versions/${model.versions[0]}/infer`;
    const { answer } = await call('infer', path, request);
    expect(answer.outputs.map(output => output.name)).toEqual([last.name]);
    expect(answer.model_version).toBe(model.versions[0]);
  });

  test('says what is wrong in the protocol’s form', async () => {
    expect((await call('model', '/v2/models/another')).status).toBe(404);
    expect((await call('infer', `/v2/models/${name}/infer`, { inputs: [] })).status).toBe(400);
  });
});

describe('the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const lines = readme.split('\n').filter(line => line.startsWith('curl '));
  let served: ServedArtifact;

  beforeAll(async () => {
    served = await serveArtifact(join(scratch, 'breast-cancer'), { host: hostOf(process), port: 0 });
  });
  afterAll(() => served?.close());

  test('has lines for curl', () => expect(lines.length).toBeGreaterThan(1));

  test.skipIf(!hasCurl()).each(lines)('%s', async line => {
    const { host } = new URL(served.url);
    const args = line.replaceAll('localhost:9000', host).split(' ').slice(1);
    const { stdout } = await promisify(execFile)('curl', [...args, '--fail-with-body'], { cwd: root });
    expect(JSON.stringify(JSON.parse(stdout))).toMatch(
      /"label":"malignant"|"name":"output_label".*"data":\[0\]/,
    );
  });
});

/** One that knows `--json`: 7.82, of March 2022, or newer. */
function hasCurl(): boolean {
  try {
    const [, major = 0, minor = 0] = /^curl (\d+)\.(\d+)/
      .exec(execFileSync('curl', ['--version'], { encoding: 'utf8' }))!
      .map(Number);
    return major > 7 || (major === 7 && minor >= 82);
  } catch {
    return false;
  }
}
