import type { Dimension, Signature, TensorSpec } from './manifest.ts';

/** Whether the request decides the size of a dimension: the model declares a name or -1 for it instead of a size. */
export function isOpen(dimension: Dimension): boolean {
  return typeof dimension === 'string' || dimension < 0;
}

/** Replaces each open dimension of a shape by a size. */
export function closeShape(shape: readonly Dimension[], openSize: number): number[] {
  return shape.map(dimension => (isOpen(dimension) ? openSize : Number(dimension)));
}

/** Returns the shape of one record's part of a tensor, without its row axis; `null` if the rank is not declared. */
export function rowShape({ shape, rowAxis }: Pick<TensorSpec, 'shape' | 'rowAxis'>): Dimension[] | null {
  return shape?.filter((_, axis) => axis !== rowAxis) ?? null;
}

/** Whether one run of the model can process several records: every required input has an open row axis. */
export function takesBatches({ inputs }: Pick<Signature, 'inputs'>): boolean {
  const required = inputs.filter(({ optional }) => optional !== true);
  return required.length > 0 && required.every(hasOpenRows);
}

/** Whether a tensor has a row axis whose size is decided by the request. */
export function hasOpenRows({ shape, rowAxis }: Pick<TensorSpec, 'shape' | 'rowAxis'>): boolean {
  return rowAxis !== null && (shape === null || isOpen(shape[rowAxis] ?? 1));
}

/** Returns the outputs for a request that names none. */
export function defaultOutputs(outputs: readonly TensorSpec[]): TensorSpec[] {
  return outputs.filter(({ onRequest }) => onRequest !== true);
}

/** Returns the number of records in a tensor of this shape. */
export function countRows({ rowAxis }: Pick<TensorSpec, 'rowAxis'>, shape: readonly number[]): number {
  return rowAxis === null ? 1 : (shape[rowAxis] ?? 1);
}
