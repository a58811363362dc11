import { gzipSync } from 'node:zlib';
import type { HttpRequest } from '../../../lib/runtime/http/types.ts';
import { goodInputs, type Input } from './good-inputs.ts';
import { echoes, post } from './models.ts';

/** The limits that `malformed` exceeds. */
export const limits = { bodyBytes: 1_000_000, batch: 100, stringLength: 1000 };

export interface MalformedRequest {
  kind: string;
  request: HttpRequest;
  /** What the error must name. */
  names: RegExp;
}

interface Dice {
  /** A whole number below `bound`. */
  below(bound: number): number;
  pick<T>(items: readonly T[]): T;
}

const inferPath = '/v2/models/echo/infer';

/** One byte more than is taken: as text, as bytes, compressed; and a bomb. Made once, not to weigh on the memory. */
const oversized = oversizedRequests();

function oversizedRequests(): HttpRequest[] {
  const text = `{"inputs":[]${' '.repeat(limits.bodyBytes - 12)}}`;
  const gzip = { 'content-encoding': 'gzip' };
  return [
    post(inferPath, text),
    post('/', Buffer.from(text)),
    post(inferPath, gzipSync(text), gzip),
    post(inferPath, gzipSync(Buffer.alloc(20_000_000)), gzip),
  ];
}

/** Texts nested 100,000 deep, closed or not. */
const deep = [
  { open: '[', close: ']', levels: 1 },
  { open: '[ ', close: ']', levels: 1 },
  { open: '{"a":', close: '}', levels: 1 },
  { open: '[{"a":', close: '}]', levels: 2 },
].flatMap(({ open, close, levels }) => {
  const opened = open.repeat(100_000 / levels);
  return [opened, `${opened}1${close.repeat(100_000 / levels)}`];
});

/** Makes malformed requests, one kind after the other, the same for the same random numbers. */
export function* malformed(random: () => number): Generator<MalformedRequest> {
  const dice: Dice = {
    below: bound => Math.floor(random() * bound),
    pick: items => items[Math.floor(random() * items.length)]!,
  };
  for (;;) {
    for (const [kind, make] of Object.entries(kinds)) {
      yield { kind, ...make(dice) };
    }
  }
}

type Maker = (dice: Dice) => Omit<MalformedRequest, 'kind'>;

const kinds: Record<string, Maker> = {
  'bad JSON'({ below, pick }) {
    const text = JSON.stringify({ inputs: goodInputs() });
    const cut = text.slice(0, 1 + below(text.length - 1));
    return {
      request: post(inferPath, pick([cut, `${text}${pick([']', ',', '{', 'x'])}`, ''])),
      names: /body/,
    };
  },
  depth({ pick }) {
    const text = pick(deep);
    const inputs = `{"inputs":[{"name":"pairs","datatype":"FP32","shape":[2,2],"data":${text}}]}`;
    return { request: post(pick(['/', inferPath]), pick([text, inputs])), names: /body|input/ };
  },
  'shape product'({ pick }) {
    const shape = pick([
      [2 ** 31, 2 ** 33],
      [2 ** 53 - 1, 2],
      [1e300, 2],
      [9223372036854775807n, 2],
      [2 ** 32, 2 ** 32, 0],
    ]);
    return withInput('pairs', { shape: shape.map(Number), data: [] }, /input "pairs"/);
  },
  'empty but vast'({ pick }) {
    return withInput(
      'ids',
      { shape: [pick([2 ** 40, 2 ** 53, 1e18])], data: [] },
      /input "ids", dimension 0/,
    );
  },
  'shape against data'({ below, pick }) {
    const [name] = pick(echoes);
    return withInput(
      name,
      { shape: pick([[3 + below(90)], [], [1, 1, 1], [-1], [0.5], ['2'], [null], null, 'x']) },
      naming(name),
      true,
    );
  },
  'dtype lies'({ pick }) {
    const [name, datatype] = pick(echoes);
    const other = pick(echoes.filter(echo => echo[1] !== datatype))[1];
    return withInput(
      name,
      { datatype: pick([other, 'FP8', 'float', '', null, 7, ['FP32'], '__proto__', 'constructor']) },
      naming(name),
    );
  },
  'wrong elements'({ pick }) {
    const [name] = pick(echoes);
    const bad = pick([null, {}, [], [[[]]], 'x\0', '\ud800', Number.POSITIVE_INFINITY, { length: 2 }]);
    const count = name === 'pairs' ? 4 : name === 'one' ? 1 : 2;
    return withInput(name, { data: pick([Array(count).fill(bad), bad, 'AAAA', { 0: 1 }]) }, naming(name));
  },
  base64({ pick, below }) {
    const text = Buffer.from(JSON.stringify({ inputs: goodInputs() })).toString('base64');
    const wrong = pick([
      text,
      text.slice(below(text.length)),
      '!!!!',
      Buffer.from(`${text}=`, 'base64').subarray(1 + below(20)),
    ]);
    return { request: post(inferPath, wrong), names: /body/ };
  },
  'binary header'({ pick, below }) {
    const head = JSON.stringify({
      inputs: [{ name: 'pairs', datatype: 'FP32', shape: [2, 2], parameters: { binary_data_size: 16 } }],
    });
    const body = Buffer.concat([Buffer.from(head), Buffer.alloc(16)]);
    const length = pick([
      '',
      '-1',
      'x',
      '1e3',
      '0x10',
      String(2 ** 60),
      String(head.length + 17 + below(100)),
      String(below(head.length)),
    ]);
    return {
      request: post(inferPath, body, { 'inference-header-content-length': length }),
      names: /body|header/,
    };
  },
  'binary size'({ pick }) {
    const size = pick([-1, 0.5, 17, 2 ** 40, '16', null, [16], 3]);
    const head = Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'pairs', datatype: 'FP32', shape: [2, 2], parameters: { binary_data_size: size } }],
      }),
    );
    const headers = { 'inference-header-content-length': String(head.length) };
    return {
      request: post(inferPath, Buffer.concat([head, Buffer.alloc(16)]), headers),
      names: /input "pairs"|body/,
    };
  },
  'binary strings'({ pick }) {
    const bytes = Buffer.from(
      pick(['ffffffff61', '01', '01000000ff', '0200000061', '000000000100000000']),
      'hex',
    );
    const head = Buffer.from(
      JSON.stringify({
        inputs: [
          ...goodInputs().filter(input => input.name !== 'texts'),
          { name: 'texts', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: bytes.length } },
        ],
      }),
    );
    const headers = { 'inference-header-content-length': String(head.length) };
    return { request: post(inferPath, Buffer.concat([head, bytes]), headers), names: /input "texts"/ };
  },
  __proto__names({ pick }) {
    const inputs = JSON.stringify(goodInputs());
    const text = pick([
      `{"__proto__":{"inputs":${inputs}}}`,
      `{"inputs":{"__proto__":${inputs}}}`,
      `{"inputs":[{"__proto__":{"name":"ids"}}]}`,
      `{"inputs":${inputs},"outputs":[{"name":"constructor"}]}`,
      `{"inputs":${inputs},"outputs":[{"__proto__":{"name":"ids!"}}]}`,
      `{"inputs":${inputs},"outputs":{"__proto__":[]}}`,
      `{"inputs":${inputs},"id":{"__proto__":1}}`,
    ]);
    return { request: post(inferPath, text), names: /"inputs"|input|output|"id"/ };
  },
  oversize: ({ pick }) => ({ request: pick(oversized), names: /body/ }),
  'long string': () => withInput('texts', { data: ['a', 'b'.repeat(limits.stringLength + 1)] }, /string/),
  encoding({ pick }) {
    const encoding = pick(['gzip', 'br', 'deflate', 'zstd', 'gzip, br', '__proto__']);
    return {
      request: post(inferPath, Buffer.from('nothing of the kind'), { 'content-encoding': encoding }),
      names: /content-encoding/,
    };
  },
  'invalid UTF-8'({ below, pick }) {
    const bytes = Buffer.from(JSON.stringify({ inputs: goodInputs() }));
    bytes[below(bytes.length)] = pick([0xff, 0xc0, 0x80, 0xed]);
    return { request: post(pick([inferPath, '/']), bytes), names: /UTF-8/ };
  },
  duplicates({ pick }) {
    const inputs = goodInputs();
    const twice = pick(inputs);
    return { request: post(inferPath, { inputs: [...inputs, twice] }), names: naming(twice.name) };
  },
  'missing or extra'({ pick, below }) {
    const inputs = goodInputs();
    const [lost] = inputs.splice(below(inputs.length), 1);
    const extra = pick([{ ...lost!, name: `${lost!.name}?` }, null, 7, [], undefined]);
    return {
      request: post(inferPath, { inputs: extra === undefined ? inputs : [...inputs, extra] }),
      names: /input/,
    };
  },
  'too many records'() {
    return { request: post('/', Array(limits.batch + 1).fill({})), names: /records/ };
  },
  'odd records'({ pick }) {
    const record = pick([null, 7, '"x"', {}, { __proto__: null }, { flags: [] }, [null], [[{}]]]);
    return {
      request: post(
        pick(['/', '/v1/models/echo:predict', '/invocations']),
        pick([record, [record], { instances: record }]),
      ),
      names: /record|instances|inputs/,
    };
  },
};

function naming(name: string): RegExp {
  return new RegExp(`input "${name}"`);
}

/** A good request but for one input; `isScalarToo` leaves the scalar a shape that differs from its own. */
function withInput(
  name: string,
  change: Partial<Input>,
  names: RegExp,
  isScalarToo = false,
): Omit<MalformedRequest, 'kind'> {
  const fits = isScalarToo && name === 'one' && Array.isArray(change.shape) && change.shape.length === 0;
  const inputs = goodInputs().map(input =>
    input.name === name ? { ...input, ...change, ...(fits ? { shape: [1] } : {}) } : input,
  );
  return { request: post(inferPath, { inputs }), names };
}
