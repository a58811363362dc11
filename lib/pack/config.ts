import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { ColdpressError } from '../errors.ts';
import { missingHint } from '../missing-file.ts';
import { engineChoices } from '../model/press/engine-choice.ts';
import { decodeText } from '../text-bytes.ts';
import { eventsSchema, sinksSchema, telemetrySchema } from './config/events.ts';
import { httpSchema } from './config/http.ts';
import { invalidConfig, noConfig } from './config/invalid.ts';
import { loadHint } from './config/load-hint.ts';
import { settled } from './config/settled.ts';
import { verifySchema } from './config/verify.ts';

const toleranceSchema = v.pipe(v.number(), v.minValue(0));

const configSchema = v.strictObject({
  /**
   * Name of the model and of the function: at most 64 letters, digits, `-`, `_` and `.`.
   * @default the model file's name; for `model.txt`, `model.json` and `model.ubj`, that of their folder
   * @example name: 'churn'
   */
  name: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^[a-zA-Z0-9][a-zA-Z0-9-_.]{0,63}$/,
        'a letter or digit, then at most 63 letters, digits, - _ .',
      ),
    ),
  ),
  /**
   * The model: ONNX, or the file that LightGBM or XGBoost saved. A path relative to the config, or an `https://`,
   * `s3://` or `gs://` URL, which `coldpress fetch` downloads.
   * @default none: the command or the construct names the model
   * @example model: './model.onnx'
   */
  model: v.optional(v.string()),
  /**
   * SHA-256 that the model must have, as 64 hexadecimal digits.
   * @default for a URL, the hash that `coldpress fetch` wrote to `coldpress.lock.json`; otherwise any
   * @example sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
   */
  sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits'))),
  /**
   * Requires a signature of the model, by OpenSSF Model Signing; see docs/supply-chain.md. Name the signer by `key`, by
   * `certificate`, or by `identity` and `issuer`.
   * @default none is required
   * @example verify: {
   *   // or key: './publisher.pub.pem', or certificate: './authorities.pem'
   *   identity: 'https://github.com/me/churn/.github/workflows/train.yml@refs/heads/main',
   *   issuer: 'https://token.actions.githubusercontent.com',
   *   trustedRoot: './root.json',
   *   signature: './model.onnx.sig',
   *   subject: 'churn',
   * }
   */
  verify: v.optional(verifySchema),
  /**
   * The module whose default export is `defineScore(…)`; see docs/score.md.
   * @default none: a record has a field for each input, a result one for each output
   * @example score: './score.ts'
   */
  score: v.optional(v.string()),
  /**
   * Real inputs, with or without expected outputs, that the packed model must answer: the path of a CSV, JSON Lines or
   * NPZ file, or an object with its path and a tolerance. See docs/samples.md.
   * @default none
   * @example samples: { path: './samples.csv', tolerance: { relative: 1e-6, absolute: 1e-9 }, score: false }
   */
  samples: v.optional(
    v.union([
      v.string(),
      v.strictObject({
        /** The file, relative to the config. */
        path: v.string(),
        /**
         * The largest difference that a value may have: `absolute * scale + relative * |expected|`. The scale is the
         * largest magnitude in the output, at least 1.
         * @default {}
         */
        tolerance: v.optional(
          v.strictObject({
            /**
             * Share of the expected value, 0 or more.
             * @default 1e-3
             */
            relative: v.optional(toleranceSchema),
            /**
             * Share of the scale, 0 or more.
             * @default 1e-5
             */
            absolute: v.optional(toleranceSchema),
          }),
        ),
        /**
         * Whether `pack` sends the samples through the score. Choose `false` if its records are other than the samples,
         * or if it needs a service that is not available while packing.
         * @default true
         */
        score: v.optional(v.boolean()),
      }),
    ]),
  ),
  /**
   * The file that `coldpress profile` wrote. The function counts its inputs and outputs by it; see docs/drift.md.
   * @default a profile of the samples, if they have 50 rows or more
   * @example profile: './profile.json'
   */
  profile: v.optional(v.string()),
  /**
   * Chooses ONNX Runtime's session options by measurement on this machine: for the first answer (`cold`), later answers
   * (`warm`), or both (`balanced`). The choice is kept in `coldpress.lock.json`.
   * @default a choice by the kind of model, without measurement
   * @example tune: 'cold'
   */
  tune: v.optional(v.picklist(['cold', 'warm', 'balanced'])),
  /**
   * Files to include in the artifact, relative to the config. A score reads one with `asset(NAME)`, by the same name.
   * @default none
   * @example assets: ['tokenizer.json']
   */
  assets: v.optional(v.array(v.string())),
  /**
   * Where the artifact runs: AWS Lambda, Google Cloud Functions (`gcf`), or any container platform.
   * @default 'aws-lambda'
   * @example target: 'gcf'
   */
  target: v.optional(v.picklist(['aws-lambda', 'gcf', 'container'])),
  /**
   * The CPU. Google Cloud Functions has `x64` only. A compiled model runs on both.
   * @default 'arm64' on AWS Lambda, 'x64' elsewhere
   * @example arch: 'x64'
   */
  arch: v.optional(v.picklist(['arm64', 'x64'])),
  /**
   * What AWS Lambda receives: `zip` archives, or an `image`, which `coldpress image` builds.
   * @default 'zip'
   * @example package: 'image'
   */
  package: v.optional(v.picklist(['zip', 'image'])),
  /**
   * Where ONNX Runtime's native library is: in a Lambda `layer`, or `inline`, next to the code. Other targets have
   * `inline` only.
   * @default 'layer' on AWS Lambda
   * @example native: 'inline'
   */
  native: v.optional(v.picklist(['layer', 'inline'])),
  /**
   * What computes the model: `onnxruntime`, or `compiled` to plain JavaScript. `auto` compiles the model if its answers
   * are proven equal; see docs/engines.md.
   * @default 'auto'
   * @example engine: 'compiled'
   */
  engine: v.optional(v.picklist(engineChoices)),
  /**
   * The platform's name of the Node version.
   * @default 'nodejs24.x' on AWS Lambda, 'nodejs24' on Google Cloud, 'node24' in a container
   * @example runtime: 'nodejs22.x'
   */
  runtime: v.optional(v.string()),
  /**
   * How the function answers HTTP; see docs/http.md.
   * @default {}
   * @example
   * http: {
   *   warmUp: true,
   *   docs: true,
   *   streaming: true,
   *   basePath: '/churn',
   *   cors: { origins: ['https://app.example.com'], headers: ['content-type', 'x-trace'], methods: ['POST'], maxAge: 600 },
   *   limits: { bodyBytes: 1_000_000, batch: 500, depth: 8, values: 100_000, stringLength: 10_000, elements: 10_000_000 },
   * }
   */
  http: v.optional(httpSchema),
  /**
   * How records of queues, streams and buckets are scored; see docs/events.md.
   * @default {}
   * @example
   * events: {
   *   maxBatch: 64,
   *   id: 'customer',
   *   kafka: { reportBatchItemFailures: true },
   *   objects: { store: 's3', format: 'csv', prefix: 'answers/', bucket: { env: 'RESULTS_BUCKET' } },
   * }
   */
  events: v.optional(eventsSchema),
  /**
   * Where the results and failures of events go; see docs/events.md.
   * @default {}
   * @example
   * sinks: {
   *   results: { type: 'eventbridge', bus: 'scores', source: 'churn', detailType: 'Churn' },
   *   failures: { type: 'sqs', queueUrl: { env: 'FAILURES_QUEUE_URL' } },
   * }
   */
  sinks: v.optional(sinksSchema),
  /**
   * The log line with metrics that each invocation writes; `false` turns it off.
   * @default {}
   * @example telemetry: { namespace: 'churn', bodies: false, drift: { sample: 0.1 } }
   */
  telemetry: v.optional(telemetrySchema),
});

/**
 * The options of `coldpress.config.ts`. All are optional, and command-line flags take precedence.
 * docs/configuration.md lists them with their defaults and an example of each.
 */
export interface Config extends v.InferOutput<typeof configSchema> {}

/** A config, and the folder that its paths are relative to. */
export interface LoadedConfig {
  config: Config;
  dir: string;
  /** Absent if there is no config file. */
  path?: string;
}

const ownIndex = new URL(`../index${extname(import.meta.url)}`, import.meta.url).href;
const fileNames = [
  'coldpress.config.ts',
  'coldpress.config.mts',
  'coldpress.config.mjs',
  'coldpress.config.js',
  'coldpress.config.cjs',
];
/** Names that other tools would read as a config, and this one does not. */
const otherNames =
  /^\.?coldpress(rc|\.conf(ig)?)?\.(json[c5]?|ya?ml|toml)$|^\.?coldpress(rc|\.conf(ig)?)(\.[cm]?[jt]s)?$/i;

/**
 * Loads the given config file, or the one in `cwd`, or an empty config.
 * @throws ColdpressError CONFIG_MISSING, CONFIG_SYNTAX, CONFIG_INVALID
 */
export async function loadConfig(file: string | undefined, cwd: string): Promise<LoadedConfig> {
  const path = file === undefined ? findConfig(cwd) : resolve(cwd, file);
  if (path === undefined) {
    return { config: {}, dir: cwd };
  }
  if (!existsSync(path)) {
    throw new ColdpressError('CONFIG_MISSING', `config file not found: ${path}`, {
      hint: missingHint(
        path,
        `check the path; without --config, ${fileNames[0]} in the current folder is used`,
      ),
    });
  }
  checkModule(path);
  const text = decodeText(readFileSync(path));
  if (typeof text !== 'string') {
    throw new ColdpressError('CONFIG_SYNTAX', `${path} ${text.problem}`, { hint: text.hint });
  }
  return { config: parseConfig(await importConfig(path), path), dir: dirname(path), path };
}

/** @throws ColdpressError CONFIG_SYNTAX if there is only a config of another name, which would have no effect */
function findConfig(dir: string): string | undefined {
  const found = fileNames.map(name => resolve(dir, name)).find(path => existsSync(path));
  const names = found === undefined && existsSync(dir) ? readdirSync(dir) : [];
  const other = names.find(name => otherNames.test(name));
  if (other !== undefined) {
    throw new ColdpressError(
      'CONFIG_SYNTAX',
      `${resolve(dir, other)} is not read: a config has another name`,
      {
        hint: `name it as one of these modules: ${fileNames.join(', ')}`,
      },
    );
  }
  return found;
}

/** Node's own messages for these speak of imports that the user did not write. @throws ColdpressError CONFIG_SYNTAX */
function checkModule(path: string): void {
  const isFolder = statSync(path).isDirectory();
  if (isFolder || !/\.[cm]?[jt]s$/.test(path)) {
    throw new ColdpressError(
      'CONFIG_SYNTAX',
      `${path} is ${isFolder ? 'a folder' : 'not a module'}, not a config`,
      {
        hint: `name a TypeScript or JavaScript file, such as ${fileNames[0]}, with --config`,
      },
    );
  }
}

async function importConfig(path: string): Promise<unknown> {
  const url = moduleUrl(path);
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      // The config imports the coldpress that is running, whether from a clone, a project or npx.
      if (specifier === 'coldpress') {
        return { url: ownIndex, shortCircuit: true };
      }
      const resolved = next(specifier, context);
      // A config is an ES module even in a package with `"type": "commonjs"`, which `npm init -y` writes.
      return resolved.url === url && path.endsWith('.ts')
        ? { ...resolved, format: 'module-typescript' }
        : resolved;
    },
  });
  try {
    return await settled(async () => (await import(url)).default);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const place = `${path}${lineIn(path, cause)}`;
    throw new ColdpressError('CONFIG_SYNTAX', `${place} cannot be loaded: ${message}`, {
      hint: loadHint(path, message),
      cause,
    });
  } finally {
    hooks.deregister();
  }
}

/** The URL contains the modification time: Node caches modules, and `coldpress dev` reloads the config. */
function moduleUrl(path: string): string {
  return `${pathToFileURL(path).href}?t=${statSync(path).mtimeMs}`;
}

/** `:LINE`, if Node reports it: at the top of a syntax error's stack, or where the error was thrown. */
function lineIn(path: string, cause: unknown): string {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const end = (existsSync(path) ? [path, moduleUrl(path)] : [])
    .map(name => ({ name, at: stack.indexOf(`${name}:`) }))
    .find(({ at }) => at >= 0);
  return end === undefined ? '' : (/^:\d+/.exec(stack.slice(end.at + end.name.length))?.[0] ?? '');
}

/**
 * @param path - used in error messages
 * @throws ColdpressError CONFIG_INVALID, CONFIG_SYNTAX
 */
export function parseConfig(value: unknown, path: string): Config {
  // The schema of an object accepts a list.
  if (Array.isArray(value)) {
    throw noConfig(path);
  }
  const parsed = checked(value, path);
  if (parsed.success) {
    return parsed.output;
  }
  throw invalidConfig(parsed.issues, configSchema, path);
}

/** Reading an option may run the user's code: a getter. */
function checked(value: unknown, path: string): v.SafeParseResult<typeof configSchema> {
  try {
    return v.safeParse(configSchema, value);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ColdpressError('CONFIG_SYNTAX', `${path}${lineIn(path, cause)} cannot be read: ${message}`, {
      hint: 'a getter in it throws; write the value instead, or correct the getter',
      cause,
    });
  }
}
