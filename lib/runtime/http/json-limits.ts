import { RequestError } from '../errors.ts';

export interface JsonLimits {
  /** Arrays and objects within one another. */
  depth: number;
  /** Of one string, in UTF-16 units. */
  stringLength: number;
}

/**
 * Reads JSON from an untrusted text. `JSON.parse` itself survives any depth, so the value is checked, not the text,
 * which costs a fraction; only a text that is suspicious is scanned first, as nested arrays cost seconds to build.
 * @param check - looks at the value; the default walks all of it
 * @throws RequestError 400, or 413 for a string that is too long
 */
export function parseJson(text: string, limits: JsonLimits, check = checkValue): unknown {
  if (text.includes('['.repeat(limits.depth + 1)) && nestsDeeper(text, limits.depth)) {
    throw tooDeep(limits);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RequestError(400, 'JSON', `the body is not JSON: ${(cause as Error).message}`);
  }
  check(value, limits);
  return value;
}

function nestsDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length && depth <= limit; i++) {
    const character = text[i];
    if (inString) {
      i += character === '\\' ? 1 : 0;
      inString = character !== '"';
    } else if (character === '[' || character === '{') {
      depth++;
    } else if (character === ']' || character === '}') {
      depth--;
    } else {
      inString = character === '"';
    }
  }
  return depth > limit;
}

/** @throws RequestError */
export function checkValue(value: unknown, limits: JsonLimits): void {
  walk(value, limits.depth, limits);
}

function walk(value: unknown, depthLeft: number, limits: JsonLimits): void {
  if (typeof value === 'string' && value.length > limits.stringLength) {
    const taken = `at most ${limits.stringLength} are taken here`;
    throw new RequestError(
      413,
      'STRING_LENGTH',
      `the body has a string of ${value.length} characters; ${taken}`,
    );
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

/** Shorter arrays need no haste. */
const manyParts = 64;

/** How many numbers an array begins with: a loop of its own, which V8 compiles for arrays of numbers alone. */
function countNumbers(parts: unknown[]): number {
  let count = 0;
  while (count < parts.length && typeof parts[count] === 'number') {
    count++;
  }
  return count;
}

function tooDeep({ depth }: JsonLimits): RequestError {
  return new RequestError(400, 'DEPTH', `the body is nested deeper than ${depth} arrays and objects`);
}
