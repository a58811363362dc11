import { type DatatypeCodec, datatypes } from '../../contract/datatypes.ts';
import type { Dimension, InputSpec, TensorSpec } from '../../contract/manifest.ts';
import { defaultOutputs, rowShape } from '../../contract/signature.ts';
import { key, literal } from './literals.ts';

/** TypeScript types of an element in the JSON of a request. */
const given: Record<DatatypeCodec['json'], string> = {
  float: 'number',
  bigint: 'number | string',
  integer: 'number',
  boolean: 'boolean',
  string: 'string',
};
/** The same for answers: JSON cannot represent non-finite numbers. */
const answered = { ...given, float: 'Float' };

/**
 * Declares a record as `lib/runtime/score/read-record.ts` reads it. Feature names come from samples, not the model.
 * They are left to the reader, so that the same model always has the same declaration.
 */
export function declareRecord(inputs: readonly InputSpec[]): string {
  const element = ({ datatype, mayBeMissing }: InputSpec) =>
    `${given[datatypes[datatype].json]}${mayBeMissing ? ' | null' : ''}`;
  const part = (spec: InputSpec) =>
    spec.category
      ? 'string | number | boolean | null'
      : [
          ...new Set([...(isSingle(spec) ? [element(spec)] : []), nested(element(spec), rowShape(spec))]),
        ].join(' | ');
  const isOptional = (spec: InputSpec) =>
    spec.optional || spec.category || (spec.mayBeMissing && isSingle(spec));
  const field = (spec: InputSpec) => `${key(spec.name)}${isOptional(spec) ? '?' : ''}: ${part(spec)}`;
  const [only] = inputs;
  if (inputs.length !== 1 || only === undefined) {
    return `${recordDoc} */\nexport interface DefaultRecord {\n${inputs.map(spec => `  ${field(spec)};\n`).join('')}}\n`;
  }
  const byFeature = `${only.mayBeMissing ? 'Partial<' : ''}Record<Feature, ${element(only)}>${only.mayBeMissing ? '>' : ''}`;
  return `${recordDoc} If the samples name the features, you can use those names. */
export type DefaultRecord<Feature extends string = never> =
  | { ${field(only)} }
  | ${part(only)}
  | ([Feature] extends [never] ? never : ${byFeature});\n`;
}

/** A record has a single value for an input of one element, with or without an array around it. */
function isSingle(spec: InputSpec): boolean {
  return rowShape(spec)?.every(size => size === 1) ?? false;
}

/** Declares a result as `lib/runtime/score/to-results.ts` makes it. */
export function declareResult(outputs: readonly TensorSpec[]): string {
  const fields = defaultOutputs(outputs).map(({ name, datatype, labels, ...spec }) => {
    const element = answered[datatypes[datatype].json];
    const inner = rowShape(spec);
    const isLabelled = labels !== undefined && inner?.length === 1;
    const label = `Model['outputs'][${literal(name)}]['labels'][number]`;
    return `  ${key(name)}: ${isLabelled ? `Record<${label}, ${element}>` : nested(element, inner)};\n`;
  });
  const float = fields.some(field => /\bFloat\b/.test(field)) ? floatType : '';
  return `/** The default result for one record. */
export interface DefaultResult {\n${fields.join('')}}\n${float}`;
}

const recordDoc = '/** The default input record.';

const floatType = `
/** A number, or a string for the values that JSON cannot represent. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
`;

function nested(element: string, inner: Dimension[] | null): string {
  if (inner === null) {
    return 'unknown';
  }
  return inner.length === 0 ? element : `${group(element)}${'[]'.repeat(inner.length)}`;
}

function group(type: string): string {
  return type.includes(' ') ? `(${type})` : type;
}
