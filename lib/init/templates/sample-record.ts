import type { Datatype, TensorSpec } from '../../contract/manifest.ts';
import { closeShape, rowShape } from '../../contract/signature.ts';
import type { Project } from '../project.ts';
import { fieldName } from './field-name.ts';

/** Of a dimension that the model leaves open. */
const openSize = 2;

/** As many as a line of a shell has room for. */
const mostValues = 64;

/** A record of zeros, as the written `score.ts` takes one; `undefined` where it would be long. */
export function sampleRecord({
  signature: { inputs },
  features,
}: Pick<Project, 'signature' | 'features'>): Record<string, unknown> | undefined {
  if (features !== undefined) {
    return features.length > mostValues
      ? undefined
      : Object.fromEntries(features.map(name => [fieldName(name), 0]));
  }
  const required = inputs.filter(spec => spec.optional !== true);
  const values = required.reduce((sum, spec) => sum + sizes(spec).reduce((a, b) => a * b, 1), 0);
  if (values > mostValues) {
    return undefined;
  }
  return Object.fromEntries(required.map(spec => [fieldName(spec.name), sampleValue(spec)]));
}

function sampleValue(spec: TensorSpec): unknown {
  return sizes(spec).reduceRight<unknown>(
    (item, size) => Array(size).fill(item),
    sampleElement(spec.datatype),
  );
}

function sizes(spec: TensorSpec): number[] {
  return closeShape(rowShape(spec) ?? [-1], openSize);
}

function sampleElement(datatype: Datatype): unknown {
  if (datatype === 'BOOL') {
    return false;
  }
  return datatype === 'BYTES' ? 'text' : 0;
}
