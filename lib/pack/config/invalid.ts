import * as v from 'valibot';
import { ColdpressError } from '../../errors.ts';
import { choicesHint, nearest } from '../../nearest.ts';
import { inWords } from '../../schema-words.ts';

type Issue = v.BaseIssue<unknown>;

/**
 * Describes the first issue of a config in the words of its author.
 * @param path - the config's file, for the message
 */
export function invalidConfig(
  issues: readonly [Issue, ...Issue[]],
  schema: unknown,
  path: string,
): ColdpressError {
  // A name that is unknown explains another that is missing.
  const { issue, key } = innermost(issues.find(isUnknown) ?? issues[0]);
  const invalid = (message: string, hint: string) => new ColdpressError('CONFIG_INVALID', message, { hint });
  if (key === '') {
    return noConfig(path);
  }
  if (isUnknown(issue)) {
    return invalid(`${path}: unknown option "${key}"`, unknownHint(key, schema));
  }
  return issue.received === 'undefined'
    ? invalid(`${path}: "${key}" is missing`, missingHint(key, schema))
    : invalid(`${path}: "${key}" is ${inWords(issue.received)}`, expectedOf(issue));
}

export function noConfig(path: string): ColdpressError {
  return new ColdpressError('CONFIG_INVALID', `${path} exports no config object by default`, {
    hint: 'export default defineConfig({ … })',
  });
}

function isUnknown({ expected }: Issue): boolean {
  return expected === 'never';
}

/** The issue and its key. For a union, the issue inside a value that is otherwise of the right type. */
function innermost(issue: Issue, above = ''): { issue: Issue; key: string } {
  const key = [above, v.getDotPath(issue) ?? ''].filter(part => part !== '').join('.');
  const within = issue.issues?.filter(({ path }) => path !== undefined) ?? [];
  const inside = within.find(isUnknown) ?? within[0];
  return inside === undefined ? { issue, key } : innermost(inside, key);
}

function missingHint(key: string, schema: unknown): string {
  const [found] = schemasAt(key.split('.'), schema) as { expects?: string }[];
  const page = 'see docs/configuration.md';
  return found?.expects === undefined ? page : `expected ${inWords(found.expects)}; ${page}`;
}

/** The schemas of a key: several if a value above it may have several forms. */
function schemasAt(keys: readonly string[], schema: unknown): unknown[] {
  return keys.reduce<unknown[]>((found, name) => found.flatMap(item => entryOf(item, name)), [schema]);
}

function unknownHint(key: string, schema: unknown): string {
  const above = key.split('.').slice(0, -1);
  const names = namesIn(schemasAt(above, schema));
  const full = (name: string) => [...above, name].join('.');
  const found = nearest(key.split('.').at(-1)!, names);
  if (found !== undefined) {
    return `did you mean "${full(found)}"?`;
  }
  return names.length === 0 ? 'see docs/configuration.md' : `one of: ${names.map(full).join(', ')}`;
}

function namesIn(schemas: readonly unknown[]): string[] {
  const entries = schemas.flatMap(objectsIn).map(object => Object.keys(object.entries));
  return [...new Set(entries.flat())];
}

function entryOf(schema: unknown, name: string): unknown[] {
  return objectsIn(schema).flatMap(({ entries }) => entries[name] ?? []);
}

/** The objects that a schema accepts: its own, the one inside an option, or those of a union. */
function objectsIn(schema: unknown): { entries: Record<string, unknown> }[] {
  const { entries, wrapped, options } = (schema ?? {}) as {
    entries?: Record<string, unknown>;
    wrapped?: unknown;
    options?: unknown;
  };
  if (entries !== undefined) {
    return [{ entries }];
  }
  return wrapped === undefined
    ? Array.isArray(options)
      ? options.flatMap(objectsIn)
      : []
    : objectsIn(wrapped);
}

function expectedOf({ type, expected, received, message }: Issue): string {
  switch (type) {
    case 'regex':
      // The schema has the pattern in words.
      return `expected ${message}`;
    case 'integer':
      return 'expected a whole number';
    case 'min_length':
    case 'non_empty':
      return 'expected a value that is not empty';
    default: {
      const literals = Array.from((expected ?? '').matchAll(/"([^"]*)"/g), ([, literal]) => literal!);
      return literals.length > 1
        ? choicesHint(received.replaceAll('"', ''), literals)
        : `expected ${inWords(expected ?? 'another value')}`;
    }
  }
}
