import type { Datatype, PressedManifest, TensorSpec } from '../manifest.ts';
import { recordType, resultType, usesFloat } from './declarations/default-score.ts';
import { key, literal } from './declarations/literals.ts';

/** What a declaration is made from. */
export type Declared = Pick<PressedManifest, 'signature' | 'features'>;

/**
 * TypeScript's view of a model: `Model`, for `defineScore<Model>()`, and the records and results of a function
 * without a `score.ts`. It imports nothing, so it compiles in any project.
 * @param name - the model file's, for the reader
 */
export function declareModel({ signature, features }: Declared, name: string): string {
  const { inputs, outputs } = signature;
  return `/** What ${comment(name)} takes and gives. Written by \`coldpress types\`, kept up to date by \`coldpress pack\`. */
export interface Model {
  inputs: {
${inputs.map(spec => `    ${key(spec.name)}${spec.optional ? '?' : ''}: ${tensorType(spec)};`).join('\n')}
  };
  outputs: {
${outputs.map(spec => `    ${key(spec.name)}: ${tensorType(spec)};`).join('\n')}
  };
}

/** One record, where no score says otherwise. */
export type DefaultRecord = ${recordType(inputs, features)};

/** The result of one record, where no score says otherwise. */
export type DefaultResult = ${resultType(outputs)};
${usesFloat(outputs) ? floatType : ''}`;
}

const floatType = `
/** As JSON has it. */
type Float = number | 'NaN' | 'Infinity' | '-Infinity';
`;

function tensorType({ datatype, shape, labels }: TensorSpec): string {
  const fields: [name: string, type: string][] = [
    ['datatype', literal(datatype satisfies Datatype)],
    ['shape', shape === null ? 'null' : tuple(shape)],
    ...(labels === undefined ? [] : [['labels', tuple(labels)] satisfies [string, string]]),
  ];
  return `{ ${fields.map(([name, type]) => `${name}: ${type}`).join('; ')} }`;
}

function tuple(items: readonly (string | number)[]): string {
  return `[${items.map(literal).join(', ')}]`;
}

/** A model's name may hold anything, even the end of a comment. */
function comment(text: string): string {
  return text.replaceAll('*/', '*\\/').replace(/[\r\n\u2028\u2029]/g, ' ');
}
