import { isMissing } from '../../contract/cells.ts';
import type { CountedTensor } from '../../contract/column-counter.ts';
import type { Column } from '../../contract/profile.ts';
import { type ColumnBuilder, columnBuilder } from './column-builder.ts';
import { referenceCounter } from './count-reference.ts';

/** Profiles a column that the model does not declare, as numbers if all of its values are numbers. */
export interface TargetProfiler {
  look(values: readonly unknown[]): void;
  /** Counts the same values again, when the file is read the second time. */
  count(values: readonly unknown[]): void;
  column(): Column;
}

export function targetProfiler(name: string): TargetProfiler {
  const place = { element: 0 };
  const numbers = columnBuilder({ name, tensor: '', place, datatype: 'FP64' });
  const texts = columnBuilder({ name, tensor: '', place, datatype: 'BYTES' });
  const sample: CountedTensor[] = [];
  let sampled = 0;
  let isNumeric = true;
  let counter: ReturnType<typeof referenceCounter> | undefined;

  const asNumbers = (values: readonly unknown[]): CountedTensor => ({
    data: Float64Array.from(values, value => (isMissing(value) ? Number.NaN : Number(value))),
    dims: [values.length],
    rowAxis: 0,
  });
  const asTexts = (values: readonly unknown[]): CountedTensor => ({
    data: values.map(value => (isMissing(value) ? '' : String(value))),
    dims: [values.length],
    rowAxis: 0,
  });

  return {
    look(values) {
      isNumeric &&= values.every(value => isMissing(value) || !Number.isNaN(Number(value)));
      numbers.look(asNumbers(values));
      texts.look(asTexts(values));
      if (sampled < mostSampled) {
        sample.push(asNumbers(values));
        sampled += values.length;
      }
    },
    count(values) {
      const builder: ColumnBuilder = isNumeric ? numbers : texts;
      counter ??= referenceCounter([builder.build(sample)]);
      counter.count(new Map([['', isNumeric ? asNumbers(values) : asTexts(values)]]));
    },
    column: () => counter!.columns()[0]!,
  };
}

/** Maximum number of values from which bins of numbers are made. */
const mostSampled = 100_000;
