import { isObject } from '../../../contract/is-object.ts';
import { invalid } from '../invalid.ts';

/** Named parts of a model, each checked for the expected type. */
export interface Fields {
  has(name: string): boolean;
  object(name: string): Fields;
  objects(name: string): Fields[];
  /** A list of numbers, from JSON or UBJSON. */
  numbers(name: string): ArrayLike<number>;
  strings(name: string): string[];
  text(name: string): string;
  /** A number, which XGBoost writes as text; `byDefault` if it is absent. */
  number(name: string, byDefault?: number): number;
}

/** @param path - path of the object, for errors: `learner.gradient_booster` */
export function fieldsOf(value: unknown, path: string): Fields {
  if (!isObject(value)) {
    throw invalid('XGBoost', `"${path}" is not an object`);
  }
  const wrong = (name: string, what: string) => invalid('XGBoost', `"${path}.${name}" is not ${what}`);
  const has = (name: string) => Object.hasOwn(value, name);
  const list = (name: string): unknown[] => {
    const found = has(name) ? value[name] : [];
    if (!Array.isArray(found)) {
      throw wrong(name, 'a list');
    }
    return found;
  };
  return {
    has,
    object: name => fieldsOf(value[name], `${path}.${name}`),
    objects: name => list(name).map((item, index) => fieldsOf(item, `${path}.${name}[${index}]`)),
    numbers(name) {
      const found = has(name) ? value[name] : [];
      if (ArrayBuffer.isView(found)) {
        return found as Float64Array;
      }
      const numbers = list(name);
      if (!numbers.every(item => typeof item === 'number' || typeof item === 'boolean')) {
        throw wrong(name, 'a list of numbers');
      }
      return numbers as number[];
    },
    strings(name) {
      const strings = list(name);
      if (!strings.every(item => typeof item === 'string')) {
        throw wrong(name, 'a list of strings');
      }
      return strings as string[];
    },
    text(name) {
      if (typeof value[name] !== 'string') {
        throw wrong(name, 'a string');
      }
      return value[name];
    },
    number(name, byDefault) {
      if (!has(name) && byDefault !== undefined) {
        return byDefault;
      }
      const number = Number(value[name]);
      if (!['string', 'number'].includes(typeof value[name]) || !Number.isFinite(number)) {
        throw wrong(name, 'a number');
      }
      return number;
    },
  };
}
