import type { Datatype, Signature, TensorSpec } from '../../contract/manifest.ts';
import { key, literal } from '../../model/declarations/literals.ts';
import type { Project } from '../project.ts';
import { innerShape, isBatched } from './batch.ts';

/** `score.ts`: a record has a field for each input, a result one for each output, by the model's own names. */
export function score({ model, signature }: Project): string {
  const inputs = signature.inputs.filter(spec => spec.optional !== true);
  const hasOpenShape = inputs.some(spec => dimensions(spec) === undefined);
  const taken = [
    'defineScore',
    ...(signature.outputs.some(({ datatype }) => datatype === 'FP16') ? ['fromFloat16Bits'] : []),
    ...(inputs.length === 0 ? [] : ['tensor']),
  ];
  return `import { ${taken.join(', ')} } from 'coldpress/runtime';
import * as v from 'valibot';
import type { Model } from ${literal(`./${model}.d.ts`)};

/** One record, as a caller sends it; whatever schema of valibot, zod or arktype says what you take. */
const record = v.object(${block(inputs.map(recordField), '')});

export default defineScore<Model>()({
  record,

  encode: ${inputs.length === 0 ? '()' : 'records'} => (${block(inputs.map(encodeInput), '  ')}),

  decode: (outputs, records) =>
    records.map((_, row) => ({
${signature.outputs.map(spec => `      ${key(spec.name)}: ${decodeOutput(spec, signature.inputs)},`).join('\n')}
    })),
});
${decoders(signature)}${hasOpenShape ? shapeOf : ''}`;
}

/** The literal of an object, as a formatter has it; a model of constants has no inputs. */
function block(lines: string[], indent: string): string {
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}

/** The inner dimensions where all are fixed; the batch is the first that is dynamic or 1. */
function dimensions({ shape }: TensorSpec): number[] | undefined {
  const inner = isBatched(shape) ? shape?.slice(1) : shape;
  return inner?.every((size): size is number => typeof size === 'number' && size >= 0) ? inner : undefined;
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
  return innerShape(spec).reduceRight<string>(
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
    const data = spec.shape.length === 0 ? `[${first}]` : first;
    return `    ${key(spec.name)}: tensor('${spec.datatype}', [${sizes}], ${data}),`;
  }
  const shape = ['records.length', ...(sizes === '' ? [] : [sizes])].join(', ');
  const data = `records.map(record => ${field})`;
  return `    ${key(spec.name)}: tensor(\n      '${spec.datatype}',\n      [${shape}],\n      ${data},\n    ),`;
}

function decodeOutput(spec: TensorSpec, inputs: TensorSpec[]): string {
  const output = access('outputs', spec.name);
  const inner = dimensions(spec);
  const isLabelled = spec.labels !== undefined && spec.datatype !== 'FP16';
  if (isRowed(spec, inputs) && isLabelled && inner?.length === 1) {
    return `byLabel(${output}.labels, ${output}.data, row)`;
  }
  if (isRowed(spec, inputs) && inner?.every(size => size === 1)) {
    return converted(spec, `${output}.data[row]`);
  }
  const part = `rowOf(${output}, row, records.length)`;
  if (spec.shape?.length === 0) {
    return converted(spec, `${part}[0]`);
  }
  const convert = conversions[spec.datatype];
  return convert === undefined ? part : `${part}.map(${convert})`;
}

function converted(spec: TensorSpec, value: string): string {
  const convert = conversions[spec.datatype];
  return convert === undefined ? value : `${convert}(${value})`;
}

/** An output has a row for each record, as far as the model says: of a dimension that has no other name than the inputs'. */
function isRowed({ shape }: TensorSpec, inputs: TensorSpec[]): boolean {
  const [first] = shape ?? [];
  const names = inputs.map(input => input.shape?.[0]).filter(size => typeof size === 'string');
  return isBatched(shape) && (typeof first === 'number' || names.length === 0 || names.includes(first!));
}

/** What JSON has, of what the engine gives: a BigInt, a byte, the bits of half a float. */
const conversions: Partial<Record<Datatype, string>> = {
  INT64: 'Number',
  UINT64: 'Number',
  BOOL: 'Boolean',
  FP16: 'fromFloat16Bits',
};

function decoders({ inputs, outputs }: Signature): string {
  const written = outputs.map(spec => decodeOutput(spec, inputs));
  const uses = (name: string) => written.some(text => text.includes(`${name}(`));
  return `${uses('rowOf') ? rowOf : ''}${uses('byLabel') ? byLabel : ''}`;
}

function access(object: string, name: string): string {
  return key(name) === name ? `${object}.${name}` : `${object}[${key(name)}]`;
}

const rowOf = `
/** What belongs to one record: outputs are row-major, with the batch first. */
function rowOf<T>(output: { data: ArrayLike<T>; shape: readonly number[] }, row: number, rows: number): T[] {
  const { data, shape } = output;
  if (rows > 1 && shape[0] !== rows) {
    throw new RangeError('the output does not tell the records apart: each is asked alone');
  }
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
