import type { Datatype, Dimension, TensorSpec } from '../../manifest.ts';
import { key } from './literals.ts';

/** An element as a request's JSON has it. */
const given: Record<'float' | 'bigint' | 'integer' | 'boolean' | 'string', string> = {
  float: 'number',
  bigint: 'number | string',
  integer: 'number',
  boolean: 'boolean',
  string: 'string',
};
/** And as an answer's: JSON has no number for what is not finite. */
const answered = { ...given, float: 'Float' };

/** The type of a record, as `lib/runtime/score/read-record.ts` reads one. */
export function recordType(inputs: readonly TensorSpec[], features: readonly string[] | undefined): string {
  const part = ({ datatype, ...spec }: TensorSpec) => nested(given[kindOf(datatype)], innerShape(spec));
  const byInput = object(inputs.map(spec => [`${key(spec.name)}${spec.optional ? '?' : ''}`, part(spec)]));
  const [only] = inputs;
  if (inputs.length !== 1 || only === undefined) {
    return byInput;
  }
  const byFeature = features?.map((name): Field => [key(name), given[kindOf(only.datatype)]]);
  return [...(byFeature === undefined ? [] : [object(byFeature)]), byInput, part(only)].join(' | ');
}

/** The type of a result, as `lib/runtime/score/to-results.ts` makes one. */
export function resultType(outputs: readonly TensorSpec[]): string {
  return object(
    outputs.map(({ name, datatype, labels, ...spec }) => {
      const element = answered[kindOf(datatype)];
      const inner = innerShape(spec);
      const isLabelled = labels !== undefined && inner?.length === 1;
      const type = isLabelled
        ? object(labels.map(label => [key(String(label)), element]))
        : nested(element, inner);
      return [key(name), type];
    }),
  );
}

export function usesFloat(outputs: readonly TensorSpec[]): boolean {
  return outputs.some(({ datatype, shape }) => shape !== null && kindOf(datatype) === 'float');
}

type Field = [name: string, type: string];

function object(fields: Field[]): string {
  const inline = `{ ${fields.map(([name, type]) => `${name}: ${type}`).join('; ')} }`;
  return fields.length <= 4
    ? inline
    : `{\n${fields.map(([name, type]) => `  ${name}: ${type};`).join('\n')}\n}`;
}

function kindOf(datatype: Datatype): keyof typeof given {
  switch (datatype) {
    case 'BOOL':
      return 'boolean';
    case 'BYTES':
      return 'string';
    case 'INT64':
    case 'UINT64':
      return 'bigint';
    default:
      return datatype.startsWith('FP') ? 'float' : 'integer';
  }
}

/** Without the dimension that counts records: one that is dynamic, or the 1 of a model for one at a time. */
function innerShape({ shape }: Pick<TensorSpec, 'shape'>): Dimension[] | undefined {
  if (shape === null) {
    return undefined;
  }
  const [first] = shape;
  const isBatch = first === 1 || typeof first === 'string' || (first !== undefined && first < 0);
  return isBatch ? shape.slice(1) : shape;
}

function nested(element: string, inner: Dimension[] | undefined): string {
  if (inner === undefined) {
    return 'unknown';
  }
  return inner.length === 0 ? element : `${group(element)}${'[]'.repeat(inner.length)}`;
}

function group(type: string): string {
  return type.includes(' ') ? `(${type})` : type;
}
