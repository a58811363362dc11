import { RequestError } from '../errors.ts';
import { loadOthers } from './load-others.ts';
import type { JsonLimits } from './weigh-json.ts';
import { nextTurn, weighedLength } from './weigh-text.ts';

/**
 * Parses untrusted JSON. `JSON.parse` itself survives any depth, so the value is checked afterwards, which costs a
 * fraction of checking the text. Only a long text is weighed first, because it may take seconds to parse.
 * @param check - checks the value (default: all of it)
 * @throws RequestError 400, or 413 for a string that is too long
 */
export async function parseJson(text: string, limits: JsonLimits, check = checkValue): Promise<unknown> {
  if (text.length > weighedLength) {
    await nextTurn();
    const { weighJson } = await loadOthers();
    const exceeded = await weighJson(text, limits);
    if (exceeded !== undefined) {
      throw refusals[exceeded](limits);
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const isEmpty = text.trim() === '';
    const problem = isEmpty ? 'is empty; expected JSON' : `is not JSON: ${(cause as Error).message}`;
    throw new RequestError(400, 'JSON', `the body ${problem}`);
  }
  check(value, limits);
  return value;
}

/** @throws RequestError */
export function checkValue(value: unknown, limits: JsonLimits): void {
  walk(value, limits.depth, limits);
}

function walk(value: unknown, depthLeft: number, limits: JsonLimits): void {
  if (typeof value === 'string' && value.length > limits.stringLength) {
    throw tooLongString(limits);
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depthLeft === 0) {
    throw tooDeep(limits);
  }
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  const first = parts.length > manyParts && typeof parts[0] === 'number' ? countNumbers(parts) : 0;
  for (let i = first; i < parts.length; i++) {
    walk(parts[i], depthLeft - 1, limits);
  }
}

/** Shorter arrays do not benefit from the fast loop. */
const manyParts = 64;

/** Counts an array's leading numbers in a separate loop, which V8 compiles for arrays of numbers only. */
function countNumbers(parts: unknown[]): number {
  let count = 0;
  while (count < parts.length && typeof parts[count] === 'number') {
    count++;
  }
  return count;
}

const refusals = { depth: tooDeep, values: tooManyValues, stringLength: tooLongString };

function tooDeep({ depth }: JsonLimits): RequestError {
  return new RequestError(400, 'DEPTH', `the body is nested deeper than ${depth} arrays and objects`);
}

function tooLongString({ stringLength }: JsonLimits): RequestError {
  const message = `the body has a string of more than the ${stringLength} characters that are accepted`;
  return new RequestError(413, 'STRING_LENGTH', message);
}

export function tooManyValues({ values }: Pick<JsonLimits, 'values'>): RequestError {
  return new RequestError(413, 'VALUES', `the body has more values than the ${values} that are accepted`);
}
