import type { Datatype, InputSpec, TensorSpec } from '../../contract/manifest.ts';
import { defaultOutputs, isOpen, rowShape } from '../../contract/signature.ts';
import { key, literal } from '../../model/declarations/literals.ts';
import { printable } from '../../printable.ts';
import type { FieldFacts, Project } from '../project.ts';
import { fieldName } from './field-name.ts';

/** The helpers of coldpress that a score may use, in the order of its imports. */
const helpers = ['defineScore', 'fromFloat16Bits', 'rowOf', 'stack', 'tensor'];

/** `score.ts`: a record has a field for each input, and a result one for each output, with the model's own names. */
export function score({ model, signature, features, fields }: Project): string {
  const inputs = signature.inputs.filter(spec => spec.optional !== true);
  const names = features ?? inputs.map(({ name }) => name);
  const lines = features?.map(name => featureField(name, inputs[0]!)) ?? inputs.map(recordField);
  const text = `
/** One record, as a caller sends it. Change it, encode and decode to the fields that your callers have. */
const record = v.object(${block(withFacts(names, fields, lines), '')});

export default defineScore<Model>()({
  record,

  encode: ${inputs.length === 0 ? '()' : 'records'} => (${block(features === undefined ? inputs.map(encodeInput) : [encodeFeatures(inputs[0]!, features)], '  ')}),

  decode: (outputs, records) =>
    records.map((_, row) => ({
${defaultOutputs(signature.outputs)
  .map(spec => `      ${key(spec.name)}: ${decodeOutput(spec)},`)
  .join('\n')}
    })),
});
`;
  const uses = (name: string) => new RegExp(`\\b${name}\\b`).test(text);
  return `import { ${helpers.filter(uses).join(', ')} } from 'coldpress/runtime';
import * as v from 'valibot';
import type { Model } from ${literal(`./${model}.d.ts`)};
${uses('numberOrMissing') ? numberOrMissing : ''}${uses('category') ? category : ''}${text}${uses('byLabel') ? byLabel : ''}${uses('shapeOf') ? shapeOf : ''}`;
}

/** An object literal in a formatter's style; a model of constants has no inputs. */
function block(lines: string[], indent: string): string {
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}

/** The dimensions of one record's part, if all are fixed. */
function dimensions(spec: TensorSpec): number[] | undefined {
  const inner = rowShape(spec);
  return inner === null || inner.some(isOpen) ? undefined : inner.map(Number);
}

/** Breaks a line that is too long as a formatter does. */
function recordField(spec: InputSpec): string {
  const line = `  ${key(fieldName(spec.name))}: ${schema(spec)},`;
  return line.length <= 110
    ? line
    : line.replace(/v\.pipe\((.*), (v\.length\(\d+\))\),$/, 'v.pipe(\n    $1,\n    $2,\n  ),');
}

function schema(spec: InputSpec): string {
  if (spec.category) {
    return 'category';
  }
  if (isSingle(spec)) {
    return valueSchema(spec.datatype);
  }
  const element = spec.mayBeMissing ? 'numberOrMissing' : elementSchema(spec.datatype);
  // A part of unknown shape is treated as a list.
  return (rowShape(spec) ?? [-1]).reduceRight<string>(
    (item, size) => (isOpen(size) ? `v.array(${item})` : `v.pipe(v.array(${item}), v.length(${size}))`),
    element,
  );
}

function elementSchema(datatype: Datatype): string {
  if (datatype === 'BOOL') {
    return 'v.boolean()';
  }
  return datatype === 'BYTES' ? 'v.string()' : 'v.number()';
}

/** A single field may be missing, if its datatype can represent that. */
function valueSchema(datatype: Datatype): string {
  return datatype.startsWith('FP') ? 'numberOrMissing' : elementSchema(datatype);
}

/** Whether a record's part of an input is one value. */
function isSingle(spec: TensorSpec): boolean {
  return spec.rowAxis === 0 && dimensions(spec)?.every(size => size === 1) === true;
}

function featureField(name: string, { datatype }: InputSpec): string {
  return `  ${key(fieldName(name))}: ${valueSchema(datatype)},`;
}

/** The fields, each with a comment that describes its values in the samples. */
function withFacts(names: readonly string[], fields: Project['fields'], lines: readonly string[]): string[] {
  return lines.flatMap((line, index) => {
    const facts = fields?.get(names[index]!);
    return facts === undefined ? [line] : [`  /** ${describeFacts(facts)} */`, line];
  });
}

function describeFacts(facts: FieldFacts): string {
  return facts.kind === 'range'
    ? `${facts.least} … ${facts.greatest} in the samples.`
    : `${facts.values.map(value => printable(JSON.stringify(value))).join(', ')} in the samples.`.replaceAll(
        '*/',
        '* /',
      );
}

/** Encodes the columns of a matrix from separate fields. */
function encodeFeatures({ name, datatype }: TensorSpec, features: readonly string[]): string {
  const values = features.map(feature => access('record', fieldName(feature)));
  const line = `      records.flatMap(record => [${values.join(', ')}]),`;
  const lines = values.map(value => `        ${value},`).join('\n');
  return `    ${key(name)}: tensor(
      '${datatype}',
      [records.length, ${features.length}],
${line.length <= 110 ? line : `      records.flatMap(record => [\n${lines}\n      ]),`}
    ),`;
}

function encodeInput(spec: TensorSpec): string {
  const name = key(spec.name);
  const field = fieldName(spec.name);
  const first = access('records[0]!', field);
  const sizes = dimensions(spec)?.join(', ') ?? `...shapeOf(${first})`;
  if (spec.rowAxis === null) {
    const data = spec.shape?.length === 0 ? `[${first}]` : first;
    return `    ${name}: tensor('${spec.datatype}', [${sizes}], ${data}),`;
  }
  const data = `records.map(record => ${access('record', field)})`;
  if (spec.rowAxis > 0) {
    return `    ${name}: stack(\n      '${spec.datatype}',\n      ${data},\n      ${spec.rowAxis},\n    ),`;
  }
  const shape = ['records.length', ...(sizes === '' ? [] : [sizes])].join(', ');
  return `    ${name}: tensor(\n      '${spec.datatype}',\n      [${shape}],\n      ${data},\n    ),`;
}

/** An output without a row axis belongs completely to the one record of its run. */
function decodeOutput(spec: TensorSpec): string {
  const output = access('outputs', spec.name);
  const inner = dimensions(spec);
  const isLabelled = spec.labels !== undefined && spec.datatype !== 'FP16';
  if (spec.rowAxis === 0 && isLabelled && inner?.length === 1) {
    return `byLabel(${output}.labels, ${output}.data, row)`;
  }
  if (spec.rowAxis === 0 && inner?.every(size => size === 1)) {
    return converted(spec, `${output}.data[row]`);
  }
  if (spec.rowAxis === null && inner?.length === 0) {
    return converted(spec, `${output}.data[0]`);
  }
  const convert = conversions[spec.datatype];
  if (spec.rowAxis === null) {
    return `Array.from(${output}.data${convert === undefined ? '' : `, ${convert}`})`;
  }
  const part = `rowOf(${output}, row${spec.rowAxis === 0 ? '' : `, ${spec.rowAxis}`})`;
  return convert === undefined ? part : `${part}.map(${convert})`;
}

function converted(spec: TensorSpec, value: string): string {
  const convert = conversions[spec.datatype];
  return convert === undefined ? value : `${convert}(${value})`;
}

/** Conversions of the engine's values to JSON: of a BigInt, a byte, the bits of a half-precision float. */
const conversions: Partial<Record<Datatype, string>> = {
  INT64: 'Number',
  UINT64: 'Number',
  BOOL: 'Boolean',
  FP16: 'fromFloat16Bits',
};

function access(object: string, name: string): string {
  return key(name) === name ? `${object}.${name}` : `${object}[${literal(name)}]`;
}

const byLabel = `
/** The columns of one record, with the model's names for them. */
function byLabel(labels: readonly (string | number)[], data: ArrayLike<number | bigint>, row: number) {
  return Object.fromEntries(labels.map((label, i) => [label, Number(data[row * labels.length + i])]));
}
`;

const shapeOf = `
/** The sizes of a nested array, which the model does not fix. */
function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}
`;

const numberOrMissing = `
/** Null or an absent key is a missing value. */
const numberOrMissing = v.pipe(
  v.nullish(v.number(), null),
  v.transform(value => value ?? Number.NaN),
);
`;

const category = `
/** A category by its name; null or an absent key is a missing value. */
const category = v.pipe(v.nullish(v.union([v.string(), v.number(), v.boolean()]), ''), v.transform(String));
`;
