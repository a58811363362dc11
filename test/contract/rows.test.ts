import { describe, expect, test } from 'vitest';
import { joinRows, takeRows } from '../../lib/contract/rows.ts';

const numbers = (...values: number[]) => Float32Array.from(values);

/** Tensors of one row or two, and what they are together. */
const joins: { name: string; axis: number; parts: [number[], number[] | string[]][]; whole: unknown[] }[] = [
  {
    name: 'the first axis',
    axis: 0,
    parts: [
      [
        [1, 2],
        [1, 2],
      ],
      [
        [2, 2],
        [3, 4, 5, 6],
      ],
    ],
    whole: [1, 2, 3, 4, 5, 6],
  },
  {
    name: 'the second',
    axis: 1,
    parts: [
      [
        [2, 1],
        [1, 2],
      ],
      [
        [2, 2],
        [3, 4, 5, 6],
      ],
    ],
    whole: [1, 3, 4, 2, 5, 6],
  },
  {
    name: 'the middle',
    axis: 1,
    parts: [
      [
        [2, 1, 2],
        [1, 2, 3, 4],
      ],
      [
        [2, 1, 2],
        [5, 6, 7, 8],
      ],
    ],
    whole: [1, 2, 5, 6, 3, 4, 7, 8],
  },
  {
    name: 'the last',
    axis: 2,
    parts: [
      [
        [1, 2, 1],
        [1, 2],
      ],
      [
        [1, 2, 1],
        [3, 4],
      ],
    ],
    whole: [1, 3, 2, 4],
  },
  {
    name: 'texts',
    axis: 1,
    parts: [
      [
        [2, 1],
        ['a', 'b'],
      ],
      [
        [2, 1],
        ['c', 'd'],
      ],
    ],
    whole: ['a', 'c', 'b', 'd'],
  },
  {
    name: 'rows of nothing',
    axis: 1,
    parts: [
      [[0, 1], []],
      [[0, 2], []],
    ],
    whole: [],
  },
];

describe.each(joins)('rows along $name', ({ axis, parts, whole }) => {
  const tensors = parts.map(([shape, data]) => ({
    shape,
    data: typeof data[0] === 'string' ? (data as string[]) : numbers(...(data as number[])),
  }));
  const rows = tensors.reduce((sum, { shape }) => sum + shape[axis]!, 0);

  test('are joined', () => {
    const joined = joinRows(tensors, axis);
    expect(joined.shape).toEqual(parts[0]![0].with(axis, rows));
    expect([...joined.data]).toEqual(whole);
  });

  test('are taken apart again', () => {
    let start = 0;
    for (const { shape, data } of tensors) {
      const end = start + shape[axis]!;
      expect(takeRows(joinRows(tensors, axis), axis, start, end)).toEqual(data);
      start = end;
    }
  });
});
