import { existsSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { distance } from 'fastest-levenshtein';
import * as v from 'valibot';
import { ColdpressError } from '../errors.ts';
import { engineChoices } from '../model/press/engine-choice.ts';
import { eventsSchema, sinksSchema, telemetrySchema } from './config/events.ts';
import { httpSchema } from './config/http.ts';

const toleranceSchema = v.pipe(v.number(), v.minValue(0));

const configSchema = v.strictObject({
  /** The function's and the model's name. Default: the model file's name. */
  name: v.optional(
    v.pipe(v.string(), v.regex(/^[a-zA-Z0-9][a-zA-Z0-9-_.]{0,63}$/, 'letters, digits, - _ .')),
  ),
  /** The ONNX model: a path relative to the config, or an https://, s3:// or gs:// URL that `coldpress fetch` gets. */
  model: v.optional(v.string()),
  /** SHA-256 that the model must have. Default: of a model that is a URL, the one that `coldpress fetch` pinned. */
  sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits'))),
  /** The module whose default export is `defineScore(…)`. Default: records straight from the signature. */
  score: v.optional(v.string()),
  /**
   * Real inputs that prove the pressed model, perhaps with expected outputs: a CSV, JSON Lines or NPZ file, or
   * `{ path, tolerance: { relative, absolute } }`, of which either part may be left out. See docs/samples.md.
   */
  samples: v.optional(
    v.union([
      v.string(),
      v.strictObject({
        path: v.string(),
        tolerance: v.optional(
          v.strictObject({ relative: v.optional(toleranceSchema), absolute: v.optional(toleranceSchema) }),
        ),
      }),
    ]),
  ),
  /**
   * The profile that `coldpress profile` wrote, to count drift by; docs/drift.md. Default: one of the samples, where they
   * have 50 rows or more.
   */
  profile: v.optional(v.string()),
  /**
   * Chooses the session options by measurement, for the first answer, the ones after it, or both. The choice is kept
   * in `coldpress.lock.json`. Default: a choice by the kind of model.
   */
  tune: v.optional(v.picklist(['cold', 'warm', 'balanced'])),
  /** Files to carry into the artifact; `asset(name)` reads them. Names are as given here. */
  assets: v.optional(v.array(v.string())),
  /** Default: `aws-lambda`. */
  target: v.optional(v.picklist(['aws-lambda', 'gcf', 'container'])),
  /** Default: `arm64` on AWS Lambda, `x64` in a container; `x64` is all that Google has. */
  arch: v.optional(v.picklist(['arm64', 'x64'])),
  /** What AWS Lambda gets: `zip` archives, or an `image` that `coldpress image` builds. Default: `zip`. */
  package: v.optional(v.picklist(['zip', 'image'])),
  /** Where the native library lies. Default: `layer` on AWS Lambda; `inline` is all that the other targets have. */
  native: v.optional(v.picklist(['layer', 'inline'])),
  /**
   * What computes the model: `onnxruntime`, `compiled` to plain JavaScript, or `auto`, which compiles what it can. See
   * docs/engines.md. Default: `auto`.
   */
  engine: v.optional(v.picklist(engineChoices)),
  /** Default: `nodejs24.x` on AWS Lambda, `nodejs24` on Google Cloud, `node24` in a container. */
  runtime: v.optional(v.string()),
  /** How the function answers HTTP. */
  http: v.optional(httpSchema),
  /** How events of queues, streams and buckets are scored; docs/events.md. */
  events: v.optional(eventsSchema),
  /** Where results and failures of events go. */
  sinks: v.optional(sinksSchema),
  /** The line of log and metrics of each invocation; `false` turns it off. */
  telemetry: v.optional(telemetrySchema),
});

/** What `coldpress.config.ts` may say; every option has a default, and the command line's flags come first. */
export type Config = v.InferOutput<typeof configSchema>;

/** A config, and the folder that its paths are relative to. */
export interface LoadedConfig {
  config: Config;
  dir: string;
  /** Absent when there is no config file. */
  path?: string;
}

const ownIndex = new URL(`../index${extname(import.meta.url)}`, import.meta.url).href;
const fileNames = [
  'coldpress.config.ts',
  'coldpress.config.mts',
  'coldpress.config.mjs',
  'coldpress.config.js',
];

/**
 * Loads a config file, or the one that lies in `cwd`, or none.
 * @throws ColdpressError CONFIG_MISSING, CONFIG_SYNTAX, CONFIG_INVALID
 */
export async function loadConfig(file: string | undefined, cwd: string): Promise<LoadedConfig> {
  const path = file === undefined ? findConfig(cwd) : resolve(cwd, file);
  if (path === undefined) {
    return { config: {}, dir: cwd };
  }
  if (!existsSync(path)) {
    throw new ColdpressError('CONFIG_MISSING', `config file not found: ${path}`, {
      hint: `check the path; without --config, ${fileNames[0]} of the folder at hand is taken`,
    });
  }
  return { config: parseConfig(await importConfig(path), path), dir: dirname(path), path };
}

function findConfig(dir: string): string | undefined {
  return fileNames.map(name => resolve(dir, name)).find(path => existsSync(path));
}

async function importConfig(path: string): Promise<unknown> {
  const url = moduleUrl(path);
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      // Whatever runs it, from a clone, a project or npx, is the coldpress that the config imports.
      if (specifier === 'coldpress') {
        return { url: ownIndex, shortCircuit: true };
      }
      const resolved = next(specifier, context);
      // It has exports, though the package around it may be `"type": "commonjs"`, as `npm init -y` says.
      return resolved.url === url && path.endsWith('.ts')
        ? { ...resolved, format: 'module-typescript' }
        : resolved;
    },
  });
  try {
    const module = await import(url);
    return module.default;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const place = `${path}${lineIn(path, cause)}`;
    throw new ColdpressError('CONFIG_SYNTAX', `${place} cannot be loaded: ${message}`, {
      hint: 'run the file with node to see where it fails',
      cause,
    });
  } finally {
    hooks.deregister();
  }
}

/** With its time of change: Node keeps modules, and `coldpress dev` loads the config again. */
function moduleUrl(path: string): string {
  return `${pathToFileURL(path).href}?t=${statSync(path).mtimeMs}`;
}

/** `:LINE`, where Node tells it: at the top of a syntax error's stack, or where something was thrown. */
function lineIn(path: string, cause: unknown): string {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const end = [path, moduleUrl(path)]
    .map(name => ({ name, at: stack.indexOf(`${name}:`) }))
    .find(({ at }) => at >= 0);
  return end === undefined ? '' : (/^:\d+/.exec(stack.slice(end.at + end.name.length))?.[0] ?? '');
}

/**
 * @param path - names it in errors
 * @throws ColdpressError CONFIG_INVALID
 */
export function parseConfig(value: unknown, path: string): Config {
  const parsed = v.safeParse(configSchema, value);
  if (parsed.success) {
    return parsed.output;
  }
  const { issue, key } = innermost(parsed.issues[0]);
  if (key === '') {
    throw new ColdpressError('CONFIG_INVALID', `${path} exports no config object by default`, {
      hint: 'export default defineConfig({ … })',
    });
  }
  if (issue.expected === 'never') {
    const names = siblings(key);
    throw new ColdpressError('CONFIG_INVALID', `${path}: unknown option "${key}"`, {
      hint: names.length === 0 ? 'see the documentation' : `did you mean "${nearest(key, names)}"?`,
    });
  }
  throw new ColdpressError('CONFIG_INVALID', `${path}: "${key}" is ${issue.received}`, {
    hint: `expected ${issue.expected || 'another value'}`,
  });
}

/** The refusal and its key; of a union's, the one inside a value that is otherwise of the right kind. */
function innermost(issue: v.BaseIssue<unknown>, above = ''): { issue: v.BaseIssue<unknown>; key: string } {
  const key = [above, v.getDotPath(issue) ?? ''].filter(part => part !== '').join('.');
  const inside = issue.issues?.find(({ path }) => path !== undefined);
  return inside === undefined ? { issue, key } : innermost(inside, key);
}

/** The options that there are where `key` stands, in full: `http.cors.origins`. */
function siblings(key: string): string[] {
  const path = key.split('.').slice(0, -1);
  let schema: unknown = configSchema;
  for (const name of path) {
    schema = unwrap((schema as typeof configSchema).entries?.[name as keyof Config]);
  }
  return Object.keys((schema as typeof configSchema)?.entries ?? {}).map(name => [...path, name].join('.'));
}

/** What an optional option holds; of a union, its object. */
function unwrap(schema: unknown): unknown {
  const { wrapped, options } = (schema ?? {}) as { wrapped?: unknown; options?: { entries?: unknown }[] };
  if (wrapped !== undefined) {
    return unwrap(wrapped);
  }
  return Array.isArray(options) ? (options.find(option => option.entries !== undefined) ?? schema) : schema;
}

function nearest(word: string, candidates: string[]): string {
  return candidates.reduce((best, next) => (distance(word, next) < distance(word, best) ? next : best));
}
