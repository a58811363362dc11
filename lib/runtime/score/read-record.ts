import { isObject } from '../../contract/is-object.ts';
import type { Dimension, InputSpec, PressedManifest } from '../../contract/manifest.ts';
import { isOpen, rowShape } from '../../contract/signature.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { RequestError } from '../errors.ts';
import { readParts } from '../tensor/elements.ts';
import { innermost } from '../tensor/nesting.ts';

/** A record's part of every input, by the input's name. */
export type Row = Map<string, Part>;

export interface Part {
  /** Without the row axis. */
  shape: number[];
  data: TensorData;
}

/** @throws RequestError that names the input or feature, not the record */
export function readRecord(
  record: unknown,
  { signature: { inputs }, features }: Pick<PressedManifest, 'signature' | 'features'>,
): Row {
  const values = valuesOf(record, inputs, features);
  return new Map(
    inputs
      .filter(({ name }) => values.has(name))
      .map(spec => [spec.name, readPart(spec, values.get(spec.name))]),
  );
}

function valuesOf(record: unknown, inputs: InputSpec[], features?: string[]): Map<string, unknown> {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) {
    if (!isObject(record)) {
      return new Map([[only.name, record]]);
    }
    if (features !== undefined && !Object.hasOwn(record, only.name)) {
      return new Map([[only.name, features.map(feature => take(record, feature))]]);
    }
  }
  if (!isObject(record)) {
    throw bad(`it is not an object with ${inputs.map(spec => JSON.stringify(spec.name)).join(', ')}`);
  }
  const given = inputs.filter(({ name, optional }) => !optional || Object.hasOwn(record, name));
  return new Map(given.map(({ name }) => [name, take(record, name)]));
}

function take(record: Record<string, unknown>, name: string): unknown {
  if (!Object.hasOwn(record, name)) {
    throw bad(`it has no ${JSON.stringify(name)}`);
  }
  return record[name];
}

function readPart(spec: InputSpec, value: unknown): Part {
  const where = `input ${JSON.stringify(spec.name)}`;
  const depth = depthOf(value);
  const shape = resolveShape(spec, value, depth, where);
  const size = shape.reduce((product, length) => product * length, 1);
  const parts =
    depth > 1 ? nested(value, { depth, shape, where }) : [depth === 0 ? [value] : (value as unknown[])];
  if (depth <= 1 && parts[0]!.length !== size) {
    const form = shape.length > 1 ? ` (${formatShape(shape)})` : '';
    throw bad(`${where} has ${parts[0]!.length} elements; expected ${size}${form}`);
  }
  return { shape, data: readParts(parts, size, { datatype: spec.datatype, where }) };
}

function nested(
  value: unknown,
  { depth, shape, where }: { depth: number; shape: number[]; where: string },
): unknown[][] {
  if (depth !== shape.length) {
    throw bad(`${where} is nested ${depth} deep; expected ${formatShape(shape)}`);
  }
  return innermost(value as unknown[], shape, where);
}

/** The signature's dimensions without the row axis; those that are open are the value's own. */
function resolveShape(spec: InputSpec, value: unknown, depth: number, where: string): number[] {
  const inner = rowShape(spec);
  const own = lengthsOf(value, depth);
  if (inner === null) {
    return own;
  }
  if (inner.some(isOpen) && own.length !== inner.length) {
    throw bad(`${where} is nested ${own.length} deep; expected ${formatShape(inner)}`);
  }
  return inner.map((size, axis) => (isOpen(size) ? own[axis]! : Number(size)));
}

function depthOf(value: unknown): number {
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0;
}

function lengthsOf(value: unknown, depth: number): number[] {
  return depth === 0 ? [] : [(value as unknown[]).length, ...lengthsOf((value as unknown[])[0], depth - 1)];
}

function formatShape(shape: readonly Dimension[]): string {
  return `[${shape.join(', ')}]`;
}

function bad(message: string): RequestError {
  // It speaks of names and sizes only.
  return new RequestError(422, 'RECORD', message, message);
}
