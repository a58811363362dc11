import zlib from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { openStore } from '../../../lib/runtime/objects/gcs.ts';
import { readParquet } from '../../../lib/runtime/objects/parquet.ts';
import { createParts } from '../../../lib/runtime/objects/parts.ts';
import type { StoredObject } from '../../../lib/runtime/objects/types.ts';
import { fakeServer } from '../sinks/fake-server.ts';

test('Parquet is read in ranges', async () => {
  const count = 10_000;
  const data = Array.from({ length: count }, (_, i) => i);
  const buffer = parquetWriteBuffer({
    columnData: [{ name: 'index', data: data.map(BigInt), type: 'INT64' }],
    rowGroupSize: 3000,
  });
  const bytes = new Uint8Array(buffer);
  expect(await rowsOf(storedObject(bytes))).toEqual(data.map(index => ({ index })));
});

const codecs = {
  GZIP: zlib.gzipSync,
  BROTLI: zlib.brotliCompressSync,
  ZSTD: zlib.zstdCompressSync,
  LZ4: zlib.deflateSync,
} as const;

/** The bytes of a file of one column, its pages compressed. */
function compressed(codec: keyof typeof codecs): Uint8Array {
  const data = Array.from({ length: 1000 }, (_, i) => i / 2);
  const compressors = { [codec]: (bytes: Uint8Array) => new Uint8Array(codecs[codec](bytes)) };
  return new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: 'x', data, type: 'DOUBLE' }], codec, compressors }),
  );
}

function storedObject(bytes: Uint8Array): StoredObject {
  return {
    sizeBytes: bytes.length,
    metadata: {},
    async *stream() {
      yield bytes;
    },
    range: async (start, end) => bytes.slice(start, end),
  };
}

async function rowsOf(object: StoredObject): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of readParquet(object)) {
    rows.push(row);
  }
  return rows;
}

test.each(['GZIP', 'BROTLI', 'ZSTD'] as const)('Parquet in %s is read', async codec => {
  const rows = await rowsOf(storedObject(compressed(codec)));
  expect(rows).toHaveLength(1000);
  expect(rows[3]).toEqual({ x: 1.5 });
});

test.each([
  ['a codec that Node has not', compressed('LZ4')],
  ['a page that is damaged', compressed('ZSTD').fill(1, 10, 40)],
  ['another file', Buffer.from('PAR1 and more of it')],
  ['nothing', new Uint8Array()],
])('Parquet that is %s can never be read', async (_, bytes) => {
  await expect(rowsOf(storedObject(bytes))).rejects.toMatchObject({ status: 400, code: 'PARQUET' });
});

test('a store that fails says nothing of the file', async () => {
  const failure = new Error('not now');
  const object = { ...storedObject(compressed('GZIP')), range: () => Promise.reject(failure) };
  await expect(rowsOf(object)).rejects.toBe(failure);
});

test('parts are of the size that the store wants, but the last', async () => {
  const sent: number[] = [];
  const parts = createParts(4, async part => void sent.push(part.length));
  await parts.write(new Uint8Array(3));
  await parts.write(new Uint8Array(7));
  await parts.flush();
  expect(sent).toEqual([4, 4, 2]);
});

/** Enough of Cloud Storage: https://cloud.google.com/storage/docs/json_api/v1/objects */
async function cloudStorage() {
  const objects = new Map<string, Buffer>([['in/a b.csv', Buffer.from('index\n1\n')]]);
  let upload = Buffer.alloc(0);
  const { host, requests } = await fakeServer(({ method, path, headers, body }) => {
    const { pathname, searchParams } = new URL(path, 'http://storage');
    if (method === 'POST') {
      return { headers: { location: `http://${headers.host}/session` } };
    }
    if (method === 'DELETE') {
      return { status: 499 };
    }
    if (method === 'PUT') {
      const [, start = '0', end, total] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(
        String(headers['content-range']),
      )!;
      if (
        end !== undefined &&
        (Number(start) !== upload.length || Number(end) + 1 !== upload.length + body.length)
      ) {
        return { status: 400 };
      }
      upload = Buffer.concat([upload, body]);
      if (total === '*') {
        return { status: body.length % (256 * 1024) === 0 ? 308 : 400 };
      }
      objects.set('out', upload);
      return { status: upload.length === Number(total) ? 200 : 400, body: {} };
    }
    const found = objects.get(decodeURIComponent(pathname.replace('/storage/v1/b/b/o/', '')));
    if (found === undefined) {
      return { status: 404 };
    }
    if (searchParams.get('alt') === 'json') {
      return { body: { size: String(found.length), metadata: { kind: 'test' } } };
    }
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    return start === undefined
      ? { body: found }
      : { status: 206, body: found.subarray(Number(start), Number(end) + 1) };
  });
  return { store: openStore({ STORAGE_EMULATOR_HOST: host }), requests, objects };
}

test('Cloud Storage: an object is read whole and in part', async () => {
  const { store, requests } = await cloudStorage();
  const object = await store.open({ bucket: 'b', key: 'in/a b.csv', version: '7' });
  expect(object).toMatchObject({ sizeBytes: 8, metadata: { kind: 'test' } });
  const chunks = [];
  for await (const chunk of object.stream()) {
    chunks.push(chunk);
  }
  expect(Buffer.concat(chunks).toString()).toBe('index\n1\n');
  expect(Buffer.from(await object.range(2, 5)).toString()).toBe('dex');
  expect(requests.every(({ path }) => path.includes('generation=7'))).toBe(true);
  await expect(store.open({ bucket: 'b', key: 'none', version: undefined })).rejects.toMatchObject({
    code: 'OBJECT_MISSING',
  });
});

test.each([0, 5, 8 * 1024 * 1024, 20 * 1024 * 1024 + 1])(
  'Cloud Storage: %i bytes are written in parts',
  async size => {
    const { store, objects } = await cloudStorage();
    const writer = await store.create({ bucket: 'b', key: 'out' }, { contentType: 'text/csv', metadata: {} });
    for (let left = size; left > 0; left -= 1_000_000) {
      await writer.write(new Uint8Array(Math.min(left, 1_000_000)));
    }
    expect(objects.has('out')).toBe(false);
    await writer.complete();
    expect(objects.get('out')).toHaveLength(size);
  },
);

test('Cloud Storage: an upload that is given up', async () => {
  const { store, objects, requests } = await cloudStorage();
  const writer = await store.create({ bucket: 'b', key: 'out' }, { contentType: 'text/csv', metadata: {} });
  await writer.abort();
  expect(objects.has('out')).toBe(false);
  expect(requests.at(-1)!.method).toBe('DELETE');
});
