import { echoes } from './models.ts';

export interface Input {
  name: string;
  datatype: unknown;
  shape: unknown;
  data?: unknown;
  parameters?: unknown;
}

/** One of each spelling; other inputs have [3, 4]. */
const data = new Map<string, unknown[]>([
  ['flags', [true, false]],
  ['ids', [1, '9223372036854775807']],
  ['sizes', [0, '18446744073709551615']],
  ['bytes', [0, 255]],
  ['halves', [0.5, 'NaN']],
  ['pairs', [1, 2, 3, 4]],
  ['doubles', [0.1, '-Infinity']],
  ['texts', ['a', '<b>']],
  ['one', [7]],
]);

/** Inputs that the model of `pressEcho` takes, and gives back as they are. */
export function goodInputs(): Input[] {
  return echoes.map(([name, datatype, , shape]) => ({
    name,
    datatype,
    shape: shape.map(size => (size === 'N' ? 2 : size)),
    data: data.get(name) ?? [3, 4],
  }));
}
