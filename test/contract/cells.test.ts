import { expect, test } from 'vitest';
import { toElement, toJsonCell } from '../../lib/contract/cells.ts';
import type { Datatype } from '../../lib/contract/manifest.ts';

const { NaN: missing, POSITIVE_INFINITY: infinite } = Number;
/** A datatype, values, and the element that all of them stand for; `undefined` where they are refused. */
const elements: [Datatype, values: unknown[], element: unknown][] = [
  ['FP32', ['', ' ', 'NA', 'na', 'N/A', 'nan', 'NaN', 'null', 'NULL', null, undefined, missing], missing],
  ['FP32', ['inf', '+Inf', 'Infinity', infinite], infinite],
  ['FP64', ['-inf', '-INFINITY'], -infinite],
  ['FP32', ['7', '007', '+7', '7.', '7.0', '.7e1', '70E-1', ' 7 ', 7, 7n], 7],
  ['FP32', ['.5', '+.5', '0.5', '5e-1', 0.5], 0.5],
  ['FP32', ['-1e3', '-1000', '-1.e+3'], -1000],
  ['FP16', ['65519', 65_519], 65_519],
  ['FP64', ['1e300', 1e300], 1e300],
  ['FP32', ['True', ' true ', 'TRUE', true], 1],
  ['FP64', ['False', 'false', false], 0],
  ['INT64', ['True', true], 1n],
  ['UINT8', ['False', false], 0],
  [
    'FP32',
    [
      ...['x', '1,5', '1 000', '0x10', '1_000', '.', '+', 'e5', '1e', '--1', 'infinite', 'none'],
      ...['1e39', '-1e400', 1e39, 'yes', [], {}, [1]],
    ],
    undefined,
  ],
  ['FP16', ['65520', 70_000], undefined],
  ['FP64', ['1e309'], undefined],
  ['INT32', ['7', '007', '+7', '7.', '7.000', '.7e1', '70e-1', ' 7 ', 7, 7n, 7.0], 7],
  ['INT32', ['1e3', '1000'], 1000],
  ['INT32', ['0', '-0', '0.0', '0e999999999', '000'], 0],
  [
    'INT64',
    ['9007199254740993', '+9007199254740993.0', '9.007199254740993e15', 9007199254740993n],
    9007199254740993n,
  ],
  ['INT64', ['-9223372036854775808', '-9223372036854775808e0'], -(2n ** 63n)],
  ['UINT64', ['18446744073709551615'], 2n ** 64n - 1n],
  ['UINT8', ['255', 255], 255],
  [
    'INT32',
    [
      ...[
        '',
        'NA',
        'nan',
        'null',
        null,
        undefined,
        missing,
        infinite,
        'inf',
        'x',
        '1.5',
        '.5',
        '1e-1',
        '10e-2',
      ],
      ...['0x10', '2147483648', 2_147_483_648, '1e20', '1e999999999', '9'.repeat(100), 'yes', [1]],
    ],
    undefined,
  ],
  ['INT64', ['9223372036854775808', 2 ** 53, '1e19'], undefined],
  ['UINT8', ['256', '-1', -1], undefined],
  ['BOOL', ['True', 'true', 'TRUE', '1', ' true ', true, 1, 1n], true],
  ['BOOL', ['False', 'false', '0', false, 0], false],
  [
    'BOOL',
    ['', 'NA', null, undefined, missing, 'yes', 't', '01', '1.0', 2, 'constructor', [true]],
    undefined,
  ],
  ['BYTES', [null, undefined, 12345, true, ['x'], 'a\0b', '\ud800'], undefined],
];

test.each(elements)('%s: %o are all %s', (datatype, values, element) => {
  for (const value of values) {
    expect([value, toElement(datatype, value)]).toEqual([value, element]);
  }
});

test.each(['', ' ', 'NA', 'nan', 'null', '007', '1.50', 'True', ' padded ', 'ä'])('text stays %j', text => {
  expect(toElement('BYTES', text)).toBe(text);
  expect(toJsonCell(text, 'BYTES')).toBe(text);
});

/** Cells of CSV, and the value of JSON that they become by the datatype of their column. */
const cells: [Datatype | undefined, text: string, json: unknown][] = [
  ['FP32', '', null],
  ['FP32', 'NA', null],
  ['FP32', '007', 7],
  ['FP32', ' 1.5 ', 1.5],
  ['FP64', '1e20', 1e20],
  ['FP32', '-inf', '-Infinity'],
  ['FP32', 'x ', 'x '],
  ['INT64', '', null],
  ['INT64', '7.0', 7],
  ['INT64', '9007199254740993', '9007199254740993'],
  ['INT64', '1.5', '1.5'],
  ['BOOL', 'True', true],
  ['FP32', 'True', 1],
  ['BOOL', '0', false],
  ['BOOL', 'yes', 'yes'],
  [undefined, '', null],
  [undefined, ' ', null],
  [undefined, '7', 7],
  [undefined, ' -7.50 ', -7.5],
  [undefined, '1e3', 1000],
  ...[
    '007',
    '+1',
    '.5',
    '1.',
    'NA',
    'nan',
    'null',
    'inf',
    'True',
    '0x10',
    '9007199254740993',
    '1e400',
    ' x ',
  ].map((text): [undefined, string, string] => [undefined, text, text]),
];

test.each(cells)('%s: the cell %j is %j', (datatype, text, json) => {
  expect(toJsonCell(text, datatype)).toBe(json);
});
