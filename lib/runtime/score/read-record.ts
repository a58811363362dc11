import { toCategory } from '../../contract/cells.ts';
import type { Columns } from '../../contract/columns.ts';
import type { Dimension, InputSpec } from '../../contract/manifest.ts';
import { isOpen, rowShape } from '../../contract/signature.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { RequestError } from '../errors.ts';
import { readParts } from '../tensor/elements.ts';
import { innermost } from '../tensor/nesting.ts';
import { counted } from '../tensor/show.ts';
import { recordValues } from './record-values.ts';

/** A record's part of every input, by the input's name. */
export type Row = Map<string, Part>;

export interface Part {
  /** Without the row axis. */
  shape: number[];
  data: TensorData;
}

/**
 * Reads a record by the signature. A missing float is NaN; for an input with a default, a missing value is left to the
 * model.
 * @throws RequestError that names the input or feature, not the record
 */
export function readRecord(record: unknown, model: Columns): Row {
  const values = recordValues(record, model);
  const { inputs } = model.signature;
  const sent = inputs.filter(
    ({ name, optional }) => optional !== true || (values.get(name) ?? null) !== null,
  );
  return new Map(sent.map(spec => [spec.name, readPart(spec, values.get(spec.name), model.features)]));
}

function readPart(spec: InputSpec, given: unknown, names: string[] | undefined): Part {
  const value = spec.category === true ? toCategory(given) : given;
  const where = `input ${JSON.stringify(spec.name)}`;
  if ((value ?? null) === null && !isSingle(spec)) {
    throw bad(`${where} is missing`);
  }
  const depth = depthOf(value);
  const shape = resolveShape(spec, value, depth, where);
  const size = shape.reduce((product, length) => product * length, 1);
  const parts =
    depth > 1 ? nested(value, { depth, shape, where }) : [depth === 0 ? [value] : (value as unknown[])];
  if (depth <= 1 && parts[0]!.length !== size) {
    const form = shape.length > 1 ? ` (${formatShape(shape)})` : '';
    throw bad(`${where} has ${counted(parts[0]!.length, 'element')}; expected ${size}${form}`);
  }
  const named = names ?? (isSingle(spec) ? [spec.name] : undefined);
  const options = { datatype: spec.datatype, where, names: named, areCells: true };
  return { shape, data: readParts(parts, size, options) };
}

/** Whether a record's part of an input is a single value, which may then be missing. */
function isSingle(spec: InputSpec): boolean {
  return rowShape(spec)?.every(size => size === 1) ?? false;
}

function nested(
  value: unknown,
  { depth, shape, where }: { depth: number; shape: number[]; where: string },
): unknown[][] {
  if (depth !== shape.length) {
    throw wrongDepth(where, depth, shape);
  }
  return innermost(value as unknown[], shape, where);
}

/** Returns the signature's dimensions without the row axis; open dimensions come from the value. */
function resolveShape(spec: InputSpec, value: unknown, depth: number, where: string): number[] {
  const inner = rowShape(spec);
  const own = lengthsOf(value, depth);
  if (inner === null) {
    return own;
  }
  if (inner.some(isOpen) && own.length !== inner.length) {
    throw wrongDepth(where, own.length, inner);
  }
  return inner.map((size, axis) => (isOpen(size) ? own[axis]! : Number(size)));
}

function depthOf(value: unknown): number {
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0;
}

function lengthsOf(value: unknown, depth: number): number[] {
  return depth === 0 ? [] : [(value as unknown[]).length, ...lengthsOf((value as unknown[])[0], depth - 1)];
}

function wrongDepth(where: string, depth: number, shape: readonly Dimension[]): RequestError {
  const found = depth === 0 ? 'a single value' : `an array of ${counted(depth, 'level')}`;
  return bad(`${where} is ${found}; expected the shape ${formatShape(shape)}`);
}

function formatShape(shape: readonly Dimension[]): string {
  return `[${shape.join(', ')}]`;
}

function bad(message: string): RequestError {
  // The message contains only names and sizes.
  return new RequestError(422, 'RECORD', message, message);
}
