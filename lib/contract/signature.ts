import type { Dimension, Signature, TensorSpec } from './manifest.ts';

/** Whether the request decides the size of a dimension: the model gives it a name, or -1, but no size. */
export function isOpen(dimension: Dimension): boolean {
  return typeof dimension === 'string' || dimension < 0;
}

/** A shape with a size in the place of each open dimension. */
export function closeShape(shape: readonly Dimension[], openSize: number): number[] {
  return shape.map(dimension => (isOpen(dimension) ? openSize : Number(dimension)));
}

/** The shape of one record's part of a tensor: without its row axis. `null` where the rank is not declared. */
export function rowShape({ shape, rowAxis }: Pick<TensorSpec, 'shape' | 'rowAxis'>): Dimension[] | null {
  return shape?.filter((_, axis) => axis !== rowAxis) ?? null;
}

/** Whether one run of the model can hold several records: every input that a request must send has an open row axis. */
export function takesBatches({ inputs }: Pick<Signature, 'inputs'>): boolean {
  const required = inputs.filter(({ optional }) => optional !== true);
  return required.length > 0 && required.every(hasOpenRows);
}

/** Whether a tensor has a row axis whose size the request decides. */
export function hasOpenRows({ shape, rowAxis }: Pick<TensorSpec, 'shape' | 'rowAxis'>): boolean {
  return rowAxis !== null && (shape === null || isOpen(shape[rowAxis] ?? 1));
}

/** The outputs that a request gets which names none. */
export function defaultOutputs(outputs: readonly TensorSpec[]): TensorSpec[] {
  return outputs.filter(({ onRequest }) => onRequest !== true);
}

/** How many records a tensor of this shape holds. */
export function countRows({ rowAxis }: Pick<TensorSpec, 'rowAxis'>, shape: readonly number[]): number {
  return rowAxis === null ? 1 : (shape[rowAxis] ?? 1);
}
