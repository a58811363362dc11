import { isObject } from '../../contract/is-object.ts';
import type { Label } from './read-labels.ts';

/** The content of a result: a chance for each class, only a class, or a number. */
export type Prediction =
  | { kind: 'chances'; chances: Record<string, number> }
  | { kind: 'class'; predicted: string }
  | { kind: 'number'; value: number };

/**
 * Reads a result of a score. An object or an array of chances that add up to 1 is read as class chances, at any depth.
 * A single number between 0 and 1 is the chance of 1 if all labels are 0 and 1.
 */
export function readPrediction(result: unknown, { isBinary }: { isBinary: boolean }): Prediction | undefined {
  const chances = findChances(result);
  if (chances !== undefined) {
    return { kind: 'chances', chances };
  }
  const value = findScalar(result);
  if (typeof value === 'number') {
    return isBinary && value >= 0 && value <= 1
      ? { kind: 'chances', chances: { 0: 1 - value, 1: value } }
      : { kind: 'number', value };
  }
  return value === undefined ? undefined : { kind: 'class', predicted: String(value) };
}

export function isBinary(labels: Iterable<Label>): boolean {
  return [...new Set(labels)].every(label => label === 0 || label === 1);
}

function findChances(result: unknown): Record<string, number> | undefined {
  if (typeof result !== 'object' || result === null) {
    return undefined;
  }
  const values = Object.values(result);
  const areNumbers = values.length > 1 && values.every(value => typeof value === 'number' && value >= 0);
  const total = areNumbers ? values.reduce((sum, value) => sum + value, 0) : 0;
  if (Math.abs(total - 1) < 1e-3) {
    return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, value / total]));
  }
  return values.map(findChances).find(chances => chances !== undefined);
}

function findScalar(result: unknown): number | string | undefined {
  if (typeof result === 'number' || typeof result === 'string') {
    return result;
  }
  if (typeof result === 'boolean') {
    return Number(result);
  }
  const values = Array.isArray(result) ? result : isObject(result) ? Object.values(result) : [];
  return values.map(findScalar).find(value => value !== undefined);
}
