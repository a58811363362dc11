import type { Datatype, TensorSpec } from '../../contract/manifest.ts';
import { closeShape, rowShape } from '../../contract/signature.ts';
import type { Project } from '../project.ts';
import { fieldName } from './field-name.ts';

/** Size of a dimension that the model leaves open. */
const openSize = 2;

/** A shell command has room for this many values. */
const mostValues = 64;

/** Longest JSON in a line of a README. */
const mostCharacters = 1000;

/** A record of the samples, or one of zeros; `undefined` if it would be long. */
export function sampleRecord({
  signature: { inputs },
  features,
  record,
  hasScore,
}: Pick<Project, 'signature' | 'features' | 'record' | 'hasScore'>): Record<string, unknown> | undefined {
  const field = hasScore ? fieldName : (name: string) => name;
  if (record !== undefined) {
    return JSON.stringify(record).length > mostCharacters ? undefined : record;
  }
  if (features !== undefined) {
    return features.length > mostValues
      ? undefined
      : Object.fromEntries(features.map(name => [field(name), 0]));
  }
  const required = inputs.filter(spec => spec.optional !== true);
  const values = required.reduce((sum, spec) => sum + sizes(spec).reduce((a, b) => a * b, 1), 0);
  if (values > mostValues) {
    return undefined;
  }
  return Object.fromEntries(required.map(spec => [field(spec.name), sampleValue(spec)]));
}

function sampleValue(spec: TensorSpec): unknown {
  return sizes(spec).reduceRight<unknown>(
    (item, size) => Array(size).fill(item),
    sampleElement(spec.datatype),
  );
}

function sizes(spec: TensorSpec): number[] {
  const inner = closeShape(rowShape(spec) ?? [-1], openSize);
  return inner.every(size => size === 1) ? [] : inner;
}

function sampleElement(datatype: Datatype): unknown {
  if (datatype === 'BOOL') {
    return false;
  }
  return datatype === 'BYTES' ? 'text' : 0;
}
