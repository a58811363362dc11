import type { Datatype, TensorSpec } from '../../manifest.ts';
import { key, literal } from '../../model/declarations/literals.ts';
import type { Project } from '../project.ts';

/** `score.ts`: a record has a field for each input, a result one for each output, by the model's own names. */
export function score({ model, signature }: Project): string {
  const inputs = signature.inputs.filter(spec => spec.optional !== true);
  const hasOpenShape = inputs.some(spec => dimensions(spec) === undefined);
  return `import { defineScore, tensor } from 'coldpress/runtime';
import * as v from 'valibot';
import type { Model } from ${literal(`./${model}.d.ts`)};

/** One record, as a caller sends it; whatever schema of valibot, zod or arktype says what you take. */
const record = v.object({
${inputs.map(recordField).join('\n')}
});

export default defineScore<Model>()({
  record,

  encode: records => ({
${inputs.map(encodeInput).join('\n')}
  }),

  decode: (outputs, records) =>
    records.map((_, row) => ({
${signature.outputs.map(spec => `      ${key(spec.name)}: ${decodeOutput(spec)},`).join('\n')}
    })),
});
${decoders(signature.outputs)}${hasOpenShape ? shapeOf : ''}`;
}

/** The inner dimensions where all are fixed; the batch is the first that is dynamic or 1. */
function dimensions({ shape }: TensorSpec): number[] | undefined {
  const inner = isBatched(shape) ? shape?.slice(1) : shape;
  return inner?.every((size): size is number => typeof size === 'number' && size >= 0) ? inner : undefined;
}

function isBatched(shape: TensorSpec['shape']): boolean {
  const [first] = shape ?? [];
  return first === 1 || typeof first === 'string' || (first !== undefined && first < 0);
}

/** On lines of its own, as a formatter has it, where one would be too long. */
function recordField(spec: TensorSpec): string {
  const line = `  ${key(spec.name)}: ${schema(spec)},`;
  return line.length <= 110
    ? line
    : line.replace(/v\.pipe\((.*), (v\.length\(\d+\))\),$/, 'v.pipe(\n    $1,\n    $2,\n  ),');
}

function schema(spec: TensorSpec): string {
  const element = elementSchema(spec.datatype);
  const inner = spec.shape === null ? [-1] : isBatched(spec.shape) ? spec.shape.slice(1) : spec.shape;
  return inner.reduceRight<string>(
    (item, size) =>
      typeof size === 'number' && size >= 0
        ? `v.pipe(v.array(${item}), v.length(${size}))`
        : `v.array(${item})`,
    element,
  );
}

function elementSchema(datatype: Datatype): string {
  if (datatype === 'BOOL') {
    return 'v.boolean()';
  }
  return datatype === 'BYTES' ? 'v.string()' : 'v.number()';
}

function encodeInput(spec: TensorSpec): string {
  const field = access('record', spec.name);
  const first = access('records[0]!', spec.name);
  const sizes = dimensions(spec)?.join(', ') ?? `...shapeOf(${first})`;
  if (!isBatched(spec.shape) && spec.shape !== null) {
    return `    ${key(spec.name)}: tensor('${spec.datatype}', [${sizes}], ${first}),`;
  }
  const shape = ['records.length', ...(sizes === '' ? [] : [sizes])].join(', ');
  const data = `records.map(record => ${field})`;
  return `    ${key(spec.name)}: tensor(\n      '${spec.datatype}',\n      [${shape}],\n      ${data},\n    ),`;
}

function decodeOutput(spec: TensorSpec): string {
  const output = access('outputs', spec.name);
  if (!isBatched(spec.shape)) {
    return isWide(spec) ? `Array.from(${output}.data, Number)` : `[...${output}.data]`;
  }
  if (spec.labels !== undefined && dimensions(spec)?.length === 1) {
    return `byLabel(${output}.labels, ${output}.data, row)`;
  }
  if (dimensions(spec)?.every(size => size === 1)) {
    return isWide(spec) ? `Number(${output}.data[row])` : `${output}.data[row]`;
  }
  const part = `rowOf(${output}.data, row, records.length)`;
  return isWide(spec) ? `${part}.map(Number)` : part;
}

/** JSON has no integer that wide: a BigInt becomes a number. */
function isWide({ datatype }: TensorSpec): boolean {
  return datatype === 'INT64' || datatype === 'UINT64';
}

function decoders(outputs: TensorSpec[]): string {
  const written = outputs.map(decodeOutput);
  const uses = (name: string) => written.some(text => text.startsWith(`${name}(`));
  return `${uses('rowOf') ? rowOf : ''}${uses('byLabel') ? byLabel : ''}`;
}

function access(object: string, name: string): string {
  return key(name) === name ? `${object}.${name}` : `${object}[${key(name)}]`;
}

const rowOf = `
/** What belongs to one record: outputs are row-major, with the batch first. */
function rowOf<T>(data: ArrayLike<T>, row: number, rows: number): T[] {
  const size = data.length / rows;
  return Array.from({ length: size }, (_, i) => data[row * size + i]!);
}
`;

const byLabel = `
/** The columns of one record, by the names that the model has for them. */
function byLabel(labels: readonly (string | number)[], data: ArrayLike<number | bigint>, row: number) {
  return Object.fromEntries(labels.map((label, i) => [label, Number(data[row * labels.length + i])]));
}
`;

const shapeOf = `
/** The sizes of a nested array: the model leaves them open. */
function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}
`;
