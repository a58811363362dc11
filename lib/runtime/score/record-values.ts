import { type Columns, modelNames } from '../../contract/columns.ts';
import { datatypes } from '../../contract/datatypes.ts';
import { isObject } from '../../contract/is-object.ts';
import type { InputSpec } from '../../contract/manifest.ts';
import { RequestError } from '../errors.ts';

/** Maximum names listed in an error. */
const listedNames = 5;
/** Maximum pairs of names that are searched for typing errors, because each record pays for it. */
const comparedNames = 1000;

/**
 * Returns a record's value for each input, found by the input's name, by its elements (`ids[0]`, `ids[1]`), or, if the
 * model has one input, by its features; the record may also be that input's value. A missing value is `undefined`.
 * @throws RequestError 422 if a record contains none of the model's names, or a misspelled one, or an unknown one where
 * a value is required
 */
export function recordValues(given: unknown, model: Columns): Map<string, unknown> {
  const { signature, features } = model;
  const { inputs } = signature;
  const [only] = inputs;
  const record = isObject(given) ? respell(given, model) : given;
  const isOne = inputs.length === 1 && only !== undefined;
  if (isOne && !isObject(record) && record !== null && record !== undefined) {
    return new Map([[only.name, record]]);
  }
  if (!isObject(record)) {
    throw bad(`it is not an object with ${listNames(inputs.map(({ name }) => name))}`);
  }
  if (isOne && features !== undefined && !Object.hasOwn(record, only.name)) {
    checkNames(features, record, name => Object.hasOwn(record, name));
    return new Map([
      [only.name, features.map(name => (Object.hasOwn(record, name) ? record[name] : undefined))],
    ]);
  }
  const values = new Map(
    inputs.map(({ name }) => [name, Object.hasOwn(record, name) ? record[name] : elementsOf(record, name)]),
  );
  const required = inputs.filter(({ optional }) => optional !== true).map(({ name }) => name);
  checkNames([...values.keys()], record, name => values.get(name) !== undefined, required);
  checkUnknown(inputs, values, record);
  return values;
}

/** Returns the record with the model's names, in which spaces and `_` are one spelling. */
function respell(record: Record<string, unknown>, model: Columns): Record<string, unknown> {
  const keys = Object.keys(record);
  const names = model.features ?? model.signature.inputs.map(({ name }) => name);
  const isLacking = names.some(name => !Object.hasOwn(record, name));
  if (!isLacking || ![...keys, ...names].some(name => name.includes(' '))) {
    return record;
  }
  const nameOf = modelNames(model);
  const rename = (key: string) => (Object.hasOwn(record, nameOf(key)) ? key : nameOf(key));
  return Object.fromEntries(keys.map(key => [rename(key), record[key]]));
}

/** A value that cannot be missing is probably the one with the unknown name, however it is spelled. */
function checkUnknown(
  inputs: readonly InputSpec[],
  values: ReadonlyMap<string, unknown>,
  record: Record<string, unknown>,
): void {
  const missing = inputs.find(
    ({ name, datatype, optional }) =>
      values.get(name) === undefined && optional !== true && datatypes[datatype].json !== 'float',
  );
  const unknown = missing && Object.keys(record).filter(key => !values.has(key) && !/\[\d+\]$/.test(key));
  if (unknown !== undefined && unknown.length > 0) {
    const verb = unknown.length === 1 ? 'is' : 'are';
    throw bad(`${JSON.stringify(missing!.name)} is missing, and ${listNames(unknown)} ${verb} unknown`);
  }
}

function elementsOf(record: Record<string, unknown>, name: string): unknown[] | undefined {
  const elements: unknown[] = [];
  while (Object.hasOwn(record, `${name}[${elements.length}]`)) {
    elements.push(record[`${name}[${elements.length}]`]);
  }
  return elements.length === 0 ? undefined : elements;
}

/** A missing value may be intended, but a record without any value, or with a misspelled name, is a mistake. */
function checkNames(
  names: readonly string[],
  record: Record<string, unknown>,
  isThere: (name: string) => boolean,
  required = names,
): void {
  const missing = names.filter(name => !isThere(name));
  if (missing.length === 0) {
    return;
  }
  if (required.length > 0 && required.every(name => missing.includes(name))) {
    const given = Object.keys(record);
    const instead = given.length === 0 ? '' : `; its fields are ${listNames(given)}`;
    throw bad(`it has ${required.length === 1 ? 'no' : 'none of'} ${listNames(required)}${instead}`);
  }
  const known = new Set(names);
  const others = Object.keys(record).filter(key => !known.has(key));
  const spelled = new Map(others.map(key => [plain(key), key]));
  const seeksTypos = missing.length * spelled.size <= comparedNames;
  for (const name of missing) {
    const wanted = plain(name);
    const other =
      spelled.get(wanted) ??
      (seeksTypos ? spelled.get([...spelled.keys()].find(key => isTypo(key, wanted)) ?? wanted) : undefined);
    if (other !== undefined) {
      throw bad(`${JSON.stringify(other)} is unknown; did you mean ${JSON.stringify(name)}?`);
    }
  }
}

/**
 * Whether two names differ by one letter, or by two that are swapped. Short names, and names with other numbers, are
 * often different names.
 */
function isTypo(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 5 || Math.abs(a.length - b.length) > 1) {
    return false;
  }
  let start = 0;
  while (start < shorter && a[start] === b[start]) {
    start += 1;
  }
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) {
    end += 1;
  }
  const [x, y] = [a, b].map(name => name.slice(start, name.length - end)) as [string, string];
  return (x.length < 2 || (x.length === 2 && x === y[1]! + y[0])) && !/\d/.test(x + y);
}

/** Returns a name without what is easily misspelled: its case, and what separates its words. */
function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_.-]+/g, ' ');
}

function listNames(names: readonly string[]): string {
  const listed = names.slice(0, listedNames).map(name => JSON.stringify(name));
  return names.length > listedNames ? `${listed.join(', ')}, …` : listed.join(', ');
}

function bad(message: string): RequestError {
  // The message contains names, but no values.
  return new RequestError(422, 'RECORD', message, message);
}
