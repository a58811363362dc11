import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MANIFEST_FILE } from '../../../lib/contract/manifest.ts';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { readRecords } from '../../../lib/runtime/objects/formats.ts';
import type { ObjectRecord } from '../../../lib/runtime/objects/types.ts';
import { makeScratch, openWith, post, pressIdentities, readJson } from '../http/models.ts';

/** Rows that fail alone, and first rows that are headers or not. */

const scratch = makeScratch();
const fns = {} as Record<'numbers' | 'texts' | 'columns' | 'unnamed', ColdpressFunction>;

/** A model of identities, with names for the elements of its input. */
async function open(name: string, tensors: Parameters<typeof pressIdentities>[2], features?: string[]) {
  const dir = await pressIdentities(scratch.dir, name, tensors);
  const path = join(dir, MANIFEST_FILE);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), features }));
  return openWith(dir);
}

beforeAll(async () => {
  fns.numbers = await open('numbers', [['x', 'y', 'FLOAT', ['N', 2]]], ['age', 'income']);
  fns.texts = await open('texts', [['X', 'Y', 'STRING', ['N', 2]]], ['zip', 'city']);
  fns.unnamed = await open('unnamed', [['x', 'y', 'FLOAT', ['N', 2]]]);
  fns.columns = await open('columns', [
    ['age', 'a', 'FLOAT', ['N', 1]],
    ['ids', 'i', 'INT64', ['N', 2]],
  ]);
});

afterAll(() => scratch.remove());

describe('the first row of /invocations', () => {
  const cases: [fn: keyof typeof fns, body: string, type: string, answer: unknown][] = [
    ['numbers', '1,2', '', [{ y: [1, 2] }]],
    ['numbers', ',2', '', [{ y: ['NaN', 2] }]],
    ['numbers', 'nan,2\n3,NA', '', [{ y: ['NaN', 2] }, { y: [3, 'NaN'] }]],
    ['numbers', 'age,income\n1,2', '', [{ y: [1, 2] }]],
    ['numbers', 'income,id,age\r\n1,k,2\r\n', '', [{ y: [2, 1] }]],
    ['numbers', '1,2\r3,4\r', '', [{ y: [1, 2] }, { y: [3, 4] }]],
    ['numbers', 'income\n1', '; header=present', [{ y: ['NaN', 1] }]],
    ['numbers', 'age,income', '; header=present', []],
    ['texts', '12345,Berlin', '', [{ Y: ['12345', 'Berlin'] }]],
    ['texts', 'zip,city\n007,NA', '', [{ Y: ['007', 'NA'] }]],
    [
      'texts',
      'zip,city\n007,',
      '; charset=utf-8; HEADER="absent"',
      [{ Y: ['zip', 'city'] }, { Y: ['007', ''] }],
    ],
    ['unnamed', '1,2\n3,', '', [{ y: [1, 2] }, { y: [3, 'NaN'] }]],
    ['columns', '1.5,"[1,2]"', '', 422],
    ['columns', 'ids[1],age,ids[0]\n2,1.5,9007199254740993', '', [{ a: [1.5], i: ['9007199254740993', 2] }]],
    // None of these is a header, and none is lost.
    ['numbers', 'x,2', '', 422],
    ['numbers', 'age,2', '', 422],
    ['numbers', 'income\n1', '', 400],
    ['numbers', '1;2', '', 400],
    ['numbers', '1,2\n3', '', 400],
    ['numbers', '"1,2', '', 400],
    ['numbers', 'age,income', '', 400],
    ['numbers', 'age,income,age\n1,2,3', '', 400],
    ['numbers', '', '', 400],
    ['unnamed', 'age,income\n1,2', '', 422],
  ];

  test.each(cases)('%s: %j%s', async (name, body, parameter, answer) => {
    const response = await fns[name].http(
      post('/invocations', body, { 'content-type': `text/csv${parameter}` }),
    );
    expect(typeof answer === 'number' ? response.status : readJson(response)).toEqual(answer);
  });

  test('names that are numbers make no header', async () => {
    const fn = await open('digits', [['x', 'y', 'FLOAT', ['N', 2]]], ['0', '1']);
    const ask = async (type: string) =>
      readJson(await fn.http(post('/invocations', '1,0\n5,6', { 'content-type': type })));
    expect(await ask('text/csv')).toEqual([{ y: [1, 0] }, { y: [5, 6] }]);
    expect(await ask('text/csv; header=present')).toEqual([{ y: [6, 5] }]);
  });
});

describe('a row that cannot be read fails alone', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  const cases: [format: 'csv' | 'jsonl' | 'json', bytes: Buffer, codes: (string | undefined)[]][] = [
    ['csv', latin1('zip,city\n1,a\n2\n3,c,d\n4,"d"e\n5,f\n'), [undefined, 'CSV', 'CSV', 'CSV', undefined]],
    ['csv', latin1('zip,city\n1,Z\xfcrich\n2,Z\xc3\xbcrich\n'), ['CSV', undefined]],
    [
      'jsonl',
      latin1('{"zip":"1","city":"\xfc"}\n{"zip":"1","city":"\xc3\xbc"}\n{\n'),
      ['JSON', undefined, 'JSON'],
    ],
    [
      'json',
      latin1('[{"zip":"1","city":"\xfc"},{"zip":"1","city":"\xc3\xbc"},no]'),
      ['JSON', undefined, 'JSON'],
    ],
  ];

  test.each(cases)('%s: %s', async (format, bytes, codes) => {
    for (const partLength of [1, 1000]) {
      const object = {
        sizeBytes: bytes.length,
        metadata: {},
        range: async () => bytes,
        async *stream() {
          for (let at = 0; at < bytes.length; at += partLength) {
            yield bytes.subarray(at, at + partLength);
          }
        },
      };
      const reference = { bucket: 'b', key: 'k', version: undefined };
      const { manifest: model } = fns.texts.model;
      const records: ObjectRecord[] = [];
      for await (const record of readRecords(object, { format, model, reference })) {
        records.push(record);
      }
      expect(records.map(record => (record.ok ? undefined : record.error.code))).toEqual(codes);
      const [outcome] = await fns.texts.scoreRecords(
        records.flatMap(record => (record.ok ? [record.record] : [])).slice(-1),
      );
      expect(outcome).toMatchObject({ ok: true });
    }
  });
});
