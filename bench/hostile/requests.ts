import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { isOpen } from '../../lib/contract/signature.ts';
import { type Dice, startDice } from './dice.ts';
import { goodInput, goodInputs, goodRecord, type Subject, secret } from './good.ts';
import { largeBody } from './large.ts';
import { mutateBytes, mutateJson } from './mutate-json.ts';

export interface HostileRequest {
  kind: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface RequestOptions {
  random: () => number;
  /** Size limit of bodies. */
  mostBytes: number;
  /**
   * Number of requests at the beginning with such a body, so that the allocator has seen them before memory is
   * compared.
   */
  largeFirst: number;
  /** Share of all other requests with such a body. */
  largeShare: number;
}

type Made = Partial<Omit<HostileRequest, 'body'>> & { body: unknown };
type Maker = (dice: Dice, subject: Subject, options: RequestOptions) => Made;

const csv = 'text/csv';
const binaryHeader = 'inference-header-content-length';

/** Generates requests that are invalid or edge cases, deterministically for a seed. */
export function* hostileRequests(subject: Subject, options: RequestOptions): Generator<HostileRequest> {
  const dice = startDice(options.random);
  const infer = `/v2/models/${subject.name}/infer`;
  for (let index = 0; ; index++) {
    const isLarge = index < options.largeFirst || dice.chance(options.largeShare);
    const name = isLarge ? 'large' : dice.pick(kinds);
    const {
      kind = name,
      method = 'POST',
      path = infer,
      headers,
      body,
    } = makers[name]!(dice, subject, options);
    yield {
      kind,
      method,
      path,
      headers: { 'content-type': 'application/json', ...headers },
      body: toBytes(body),
    };
  }
}

function toBytes(body: unknown): Buffer {
  if (body instanceof Uint8Array) {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

function inference(subject: Subject): Record<string, unknown> {
  return { id: 'a', inputs: goodInputs(subject), outputs: [], parameters: {} };
}

/** Paths of other protocols, each with a body in its format. */
function recordForm(dice: Dice, subject: Subject): { path: string; body: unknown } {
  const record = goodRecord(subject);
  const records = dice.chance(0.5) ? record : [record, structuredClone(record)];
  const instances = { instances: [record] };
  return dice.pick([
    { path: '/', body: records },
    { path: `/v1/models/${subject.name}:predict`, body: instances },
    { path: '/invocations', body: dice.pick<unknown>([records, instances, inference(subject)]) },
    // The path of Vertex AI, from its environment variable.
    { path: '/vertex', body: instances },
  ]);
}

const makers: Record<string, Maker> = {
  'an inference'(dice, subject) {
    const body = inference(subject);
    for (let times = 1 + dice.below(3); times > 0; times--) {
      mutateJson(body, dice);
    }
    return { body };
  },
  records(dice, subject) {
    const { path, body } = recordForm(dice, subject);
    const root = { body };
    for (let times = 1 + dice.below(3); times > 0; times--) {
      mutateJson(root, dice);
    }
    return { path, body: root.body };
  },
  bytes(dice, subject) {
    const form = dice.chance(0.5) ? { body: inference(subject) } : recordForm(dice, subject);
    return { ...form, body: mutateBytes(toBytes(form.body), dice) };
  },
  'no UTF-8'(dice, subject) {
    const form = dice.chance(0.5) ? { body: inference(subject) } : recordForm(dice, subject);
    const bytes = toBytes(form.body);
    bytes[dice.below(bytes.length)] = dice.pick([0xff, 0xc0, 0x80, 0xed, 0xf5]);
    return { ...form, body: bytes };
  },
  dimensions(dice, { signature }) {
    const size = () => dice.pick([0, 1, 2, 5, 64, 3000]);
    const inputs = signature.inputs.map(spec => {
      const open = spec.shape === null ? 1 : spec.shape.filter(isOpen).length;
      // Only one of the sizes is large, or the body would be larger than any other here.
      const sizes = Array.from({ length: open }, (_, index) => (index === 0 ? size() : dice.below(3)));
      const input = goodInput(spec, dice.chance(0.5) ? sizes : sizes.reverse());
      return spec.datatype.startsWith('INT') && dice.chance(0.5)
        ? { ...input, data: input.data.map(() => dice.pick([0, 1, -1, 7, 1000, 2 ** 31 - 1, -(2 ** 31)])) }
        : input;
    });
    return { body: { inputs } };
  },
  'dimensions that lie'(dice, { signature }) {
    const inputs = signature.inputs.map(spec => {
      const input = goodInput(spec);
      const shape: unknown[] = [...input.shape];
      shape[dice.below(shape.length + 1)] = dice.pick([
        -1,
        0,
        2 ** 31,
        2 ** 53,
        1e300,
        0.5,
        '1',
        null,
        2 ** 20,
      ]);
      return dice.chance(0.7) ? { ...input, shape } : input;
    });
    return { body: { inputs } };
  },
  datatypes(dice, { signature }) {
    const inputs = signature.inputs.map(spec => ({
      ...goodInput(spec),
      datatype: dice.pick([
        'FP32',
        'BYTES',
        'BOOL',
        'INT64',
        'FP8',
        'float',
        '',
        null,
        7,
        ['FP32'],
        '__proto__',
      ]),
    }));
    return { body: { inputs } };
  },
  names(dice, subject) {
    const name = dice.pick([
      '__proto__',
      'constructor',
      '',
      '\u001b[2J',
      '\u202e',
      'a\r\nb',
      'x'.repeat(5000),
      secret,
    ]);
    const inputs = goodInputs(subject).map(input => (dice.chance(0.5) ? { ...input, name } : input));
    const outputs = [dice.pick<unknown>([{ name }, name, null, { [name]: 1 }, []])];
    const record = JSON.parse(`{${JSON.stringify(name)}:[1]}`);
    return dice.chance(0.3)
      ? {
          ...recordForm(dice, subject),
          body: dice.pick<unknown>([record, [record], { instances: [record] }]),
        }
      : { body: dice.chance(0.5) ? { id: name, inputs } : { inputs: goodInputs(subject), outputs } };
  },
  depth(dice, subject) {
    const [open, close] = dice.pick([
      ['[', ']'],
      ['[ ', ']'],
      ['{"a":', '}'],
      ['[{"a":', '}]'],
    ] as const);
    const levels = dice.pick([33, 100, 5000, 100_000]);
    const text = `${open.repeat(levels)}1${dice.chance(0.5) ? close.repeat(levels) : ''}`;
    const input = { ...goodInputs(subject)[0], data: 0 };
    const inside = JSON.stringify({ inputs: [input] }).replace('"data":0', `"data":${text}`);
    return { ...recordForm(dice, subject), body: dice.chance(0.5) ? text : inside };
  },
  numbers(dice, subject) {
    const number = dice.pick([
      ...[
        '1e400',
        '-1e400',
        '9'.repeat(400),
        `0.${'3'.repeat(100_000)}`,
        '-0',
        '1E-999',
        '01',
        '+1',
        '.5',
        '1.',
      ],
      ...['NaN', 'Infinity', '0x10', '1_000', '9223372036854775808', '"9223372036854775808"', '1e18', '--1'],
    ]);
    const text = JSON.stringify(dice.chance(0.5) ? inference(subject) : goodRecord(subject));
    const places = [...text.matchAll(/(?<=[[,:])\d+(\.\d+)?(?=[\],}])/g)];
    const place = places.length > 0 ? dice.pick(places) : undefined;
    const body =
      place === undefined
        ? number
        : text.slice(0, place.index) + number + text.slice(place.index + place[0].length);
    return { path: dice.pick(['/', `/v2/models/${subject.name}/infer`, '/invocations']), body };
  },
  'no JSON'(dice) {
    const body = dice.pick([
      ...[
        '',
        ' ',
        '\0',
        'null',
        'true',
        '""',
        '[]',
        '{}',
        '[[]]',
        '{"inputs"',
        '[1,]',
        '{,}',
        "{'a':1}",
        '\ufeff{}',
      ],
      ...['undefined', '<html>', '1 2', '{}{}', '"\\', '"\\u12', '{"a":1,"a":2}', '/**/{}', '[1 2]', '"\n"'],
    ]);
    return { body, path: dice.pick(['/', '/invocations', '/vertex', '/v2/models/x/infer']) };
  },
  binary(dice, subject) {
    const chunks: Buffer[] = [];
    const inputs = goodInputs(subject).map(input => {
      const bytes = Buffer.alloc(dice.pick([0, 1, 4, 7, 8, 16, 400]), dice.pick([0, 1, 0xff]));
      chunks.push(bytes);
      const size = dice.pick<unknown>([
        bytes.length,
        bytes.length,
        -1,
        0.5,
        2 ** 40,
        '4',
        null,
        bytes.length + 1,
      ]);
      return {
        ...input,
        ...(dice.chance(0.8) && { data: undefined }),
        parameters: { binary_data_size: size },
      };
    });
    const head = Buffer.from(
      JSON.stringify({ inputs, parameters: { binary_data_output: dice.chance(0.5) } }),
    );
    const length = dice.pick([
      head.length,
      head.length,
      head.length - 1,
      head.length + 3,
      -1,
      '1e3',
      '',
      2 ** 60,
    ]);
    return { headers: { [binaryHeader]: String(length) }, body: Buffer.concat([head, ...chunks]) };
  },
  raw(dice) {
    const headers = {
      [binaryHeader]: '0',
      'content-type': dice.pick(['application/octet-stream', 'application/json']),
    };
    return { headers, body: Buffer.alloc(dice.pick([0, 1, 3, 4, 16, 17, 64, 120, 6000]), dice.below(256)) };
  },
  npy(dice) {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4), }";
    const body = Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'),
      Buffer.from(header.padEnd(118)),
    ]);
    const type = dice.pick(['application/x-npy', 'application/octet-stream', 'application/json']);
    return { path: dice.pick(['/', '/invocations']), headers: { 'content-type': type }, body };
  },
  csv(dice) {
    const cell = () =>
      dice.pick(['1', '0.5', '', '""', '"', secret, 'NaN', '1e999', '\0', ' 1', '"a""b"', 'é', '=1+1']);
    const row = () =>
      Array.from({ length: dice.pick([1, 2, 4, 30]) }, cell).join(dice.pick([',', ',', ';', '\t']));
    const rows = Array.from({ length: dice.pick([0, 1, 2, 50]) }, row).join(dice.pick(['\n', '\r\n', '\r']));
    const type = dice.pick([csv, `${csv}; header=present`, `${csv}; header=absent`, `${csv}; header=x`]);
    return {
      path: dice.pick(['/invocations', '/invocations', '/']),
      headers: { 'content-type': type, accept: dice.pick(['*/*', csv, 'application/json']) },
      body: mutateBytes(Buffer.from(rows), dice),
    };
  },
  types(dice, subject) {
    const type = dice.pick([
      ...[
        'text/plain',
        'application/xml',
        '',
        ';',
        'application/json; charset=utf-16',
        'multipart/form-data; boundary=x',
      ],
      ...['application/cloudevents+json', 'application/json;;', 'APPLICATION/JSON', 'json', csv, '__proto__'],
    ]);
    const accept = dice.pick([
      'text/html',
      '',
      '*/*;q=0',
      'application/json;q=x',
      ',,,',
      `${'a/b,'.repeat(500)}`,
    ]);
    return { ...recordForm(dice, subject), headers: { 'content-type': type, accept } };
  },
  encodings(dice, subject) {
    const text = JSON.stringify(inference(subject));
    const packed = dice.pick([gzipSync, brotliCompressSync, deflateSync, deflateRawSync])(text);
    const encoding = dice.pick([
      'gzip',
      'br',
      'deflate',
      'zstd',
      'gzip, gzip',
      'x-gzip',
      'identity',
      '__proto__',
      'compress',
    ]);
    const body = dice.pick([
      packed,
      packed.subarray(0, dice.below(packed.length)),
      mutateBytes(packed, dice),
      gzipSync(gzipSync(text)),
      Buffer.concat([gzipSync(text), Buffer.from('more')]),
      Buffer.from(text),
      Buffer.alloc(0),
    ]);
    return { headers: { 'content-encoding': encoding }, body };
  },
  'base64 that is none'(dice, subject) {
    const text = Buffer.from(JSON.stringify(inference(subject))).toString('base64');
    const data = dice.pick([text, '!!!!', `${text}=`, 'AAAA====', '\u00ff']);
    const inputs = goodInputs(subject).map(input => ({ ...input, data: dice.chance(0.5) ? data : [data] }));
    return dice.chance(0.5) ? { body: text.slice(dice.below(5)) } : { body: { inputs } };
  },
  paths(dice, subject) {
    const { name } = subject;
    const path = dice.pick([
      ...[
        '/%',
        '/%00',
        '//',
        '/../..',
        '/v2/models/__proto__/infer',
        '/v1/models/:predict',
        '/v2/models//infer',
      ],
      ...[
        `/v2/models/${name}/versions/9/infer`,
        `/v2/models/${name}`,
        `/v1/models/${name}%3Apredict`,
        '/openapi.json',
      ],
      ...[
        '/v2/health/ready',
        `/v2/models/${name}/infer/`,
        `/${'a'.repeat(4000)}`,
        '/?inputs=__proto__',
        '/ping',
        '/%ff',
      ],
    ]);
    const method = dice.pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND']);
    return { path, method, body: method === 'GET' || method === 'HEAD' ? '' : inference(subject) };
  },
  headers(dice, subject) {
    const headers = dice.pick<Record<string, string>>([
      { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      { 'x-forwarded-for': 'a'.repeat(4000), traceparent: '00-zz-zz-01' },
      {
        'ce-type': 'google.cloud.storage.object.v1.finalized',
        'ce-id': '1',
        'ce-source': 'x',
        'ce-specversion': '1.0',
      },
      { 'user-agent': 'CloudPubSub-Google', cookie: 'a=b; __proto__=c' },
      { expect: '200-ok', 'accept-encoding': 'br;q=x, *' },
      { 'function-execution-id': '\u00ff', authorization: `Bearer ${secret}` },
    ]);
    return { ...recordForm(dice, subject), headers };
  },
  'a cloud event'(dice, subject) {
    const event: Record<string, unknown> = {
      specversion: '1.0',
      id: '1',
      source: '//x',
      type: dice.pick(['com.example', 'google.cloud.storage.object.v1.finalized']),
      data: goodRecord(subject),
      ...(dice.chance(0.3) && { data_base64: '!!!' }),
    };
    const push = { message: { data: '!!', messageId: '7' }, subscription: 's' };
    const root = { body: dice.pick<unknown>([event, [event], push]) };
    mutateJson(root, dice);
    const type = dice.pick([
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
      'application/json',
    ]);
    return { path: '/', headers: { 'content-type': type }, body: root.body };
  },
  large(dice, subject, { mostBytes }) {
    const { kind, type, encoding, body } = largeBody(mostBytes, dice);
    const paths = ['/', `/v2/models/${subject.name}/infer`, '/invocations', '/vertex'];
    return {
      kind: `large: ${kind}`,
      path: type === csv ? '/invocations' : dice.pick(paths),
      headers: { 'content-type': type, ...(encoding !== undefined && { 'content-encoding': encoding }) },
      body,
    };
  },
};

const kinds = Object.keys(makers).filter(kind => kind !== 'large');
