import type { Signature, TensorSpec } from '../contract/manifest.ts';
import { printable } from '../printable.ts';
import { declareRecord, declareResult } from './declarations/default-score.ts';
import { key, literal } from './declarations/literals.ts';

/** In the first line of every declaration. */
export const declarationMark = 'Written by `coldpress types`, kept up to date by `coldpress pack`.';

/**
 * Writes TypeScript declarations of a model: `Model`, for `defineScore<Model>()`, and the records and results of a
 * function without a `score.ts`. They import nothing, so they compile in any project.
 * @param name - name of the model file, shown in a comment
 */
export function declareModel({ inputs, outputs }: Signature, name: string): string {
  return `/** Inputs and outputs of ${comment(name)}. ${declarationMark} */
export interface Model {
  inputs: {
${inputs.map(spec => `    ${key(spec.name)}${spec.optional ? '?' : ''}: ${tensorType(spec)};`).join('\n')}
  };
  outputs: {
${outputs.map(spec => `    ${key(spec.name)}: ${tensorType(spec)};`).join('\n')}
  };
}

${declareRecord(inputs)}
${declareResult(outputs)}`;
}

function tensorType({ datatype, shape, labels }: TensorSpec): string {
  const columns = labels === undefined ? '' : `; labels: ${tuple(labels)}`;
  return `{ datatype: ${literal(datatype)}; shape: ${shape === null ? 'null' : tuple(shape)}${columns} }`;
}

function tuple(items: readonly (string | number)[]): string {
  return `[${items.map(literal).join(', ')}]`;
}

/** A model's name may contain anything, even the end of a comment. */
function comment(text: string): string {
  return printable(text.replaceAll('*/', '*\\/').replace(/[\r\n]/g, ' '));
}
