import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { claim } from '../claim.ts';
import { isObject } from '../contract/is-object.ts';
import { type Manifest, runsOn } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { explainIssue } from '../schema-issue.ts';

export const LOCK_FILE = 'coldpress.lock.json';

const text = v.string();
const hash = v.pipe(text, v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case'));
const imageDigest = v.pipe(text, v.regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits'));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const sessionSchema = v.strictObject({
  graphOptimizationLevel: v.exactOptional(v.picklist(['disabled', 'basic', 'extended', 'layout', 'all'])),
  intraOpNumThreads: v.exactOptional(count),
  interOpNumThreads: v.exactOptional(count),
  enableCpuMemArena: v.exactOptional(v.boolean()),
  enableMemPattern: v.exactOptional(v.boolean()),
  executionMode: v.exactOptional(v.picklist(['sequential', 'parallel'])),
  extra: v.exactOptional(v.record(text, v.unknown())),
});

const tunedSchema = v.strictObject({
  mode: v.picklist(['cold', 'warm', 'balanced']),
  session: sessionSchema,
  onnxruntime: text,
});

/** Everything that determined the bytes of an artifact except the user's own sources. */
const packedSchema = v.strictObject({
  coldpress: text,
  /** Major version of the platform's Node. */
  node: text,
  onnxruntime: text,
  esbuild: text,
  /** SHA-256 of the model, of its weight files by location, of the samples and of the profile. */
  model: hash,
  weights: v.exactOptional(v.record(text, hash)),
  samples: v.exactOptional(hash),
  profile: v.exactOptional(hash),
  /** Session options that were chosen by measurement. */
  session: v.exactOptional(sessionSchema),
  /** The effect of flags and config, with defaults applied. */
  options: v.record(text, v.unknown()),
  /** Versions of the npm packages that the score uses, by name. */
  packages: v.record(text, text),
});

export type PackedEntry = v.InferOutput<typeof packedSchema>;

const lockSchema = v.looseObject({
  /** Fetched models, by URL. */
  models: v.exactOptional(v.record(text, v.strictObject({ sha256: hash, sizeBytes: count }))),
  /** Base images of containers, by name. Each is an image or an index of several. */
  images: v.exactOptional(v.record(text, v.strictObject({ digest: imageDigest }))),
  /** Session options that were chosen by measurement, by the model's SHA-256 and the CPU. */
  tuned: v.exactOptional(
    v.record(
      hash,
      v.strictObject({ arm64: v.exactOptional(tunedSchema), x64: v.exactOptional(tunedSchema) }),
    ),
  ),
  /** The environments that artifacts were packed in, by name and platform, such as `churn aws-lambda/arm64`. */
  packed: v.exactOptional(v.record(text, packedSchema)),
});

/** Results of measurements and fetches, kept next to the config and committed with it. */
export type Lock = v.InferOutput<typeof lockSchema>;

/** @throws ColdpressError LOCK_INVALID */
export async function readLock(path: string): Promise<Lock> {
  const content = await readText(path);
  if (content === undefined) {
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw invalid(`${path} is not JSON: ${(cause as Error).message}`, cause);
  }
  if (!isObject(value)) {
    throw invalid(`${path} is not an object`);
  }
  const { success, output, issues } = v.safeParse(lockSchema, value);
  if (!success) {
    throw invalid(`${path}: ${explainIssue(issues[0])}`);
  }
  return output;
}

/**
 * Reads, changes and writes the lock while no other process does. It is replaced atomically. Keys are sorted, so that a
 * diff shows only the changes.
 * @throws ColdpressError LOCK_INVALID
 */
export async function changeLock(path: string, change: (lock: Lock) => void): Promise<void> {
  const claimed = await claim(`${path}.claim`);
  const partial = `${path}.partial`;
  try {
    const lock = await readLock(path);
    change(lock);
    const content = `${JSON.stringify(lock, sortKeys, 2)}\n`;
    if (content !== (await readText(path))) {
      await writeFile(partial, content);
      await rename(partial, path);
    }
  } finally {
    // The partial file of this process, if the disk is full, or that of a process that was killed.
    await rm(partial, { force: true });
    await claimed.release();
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
}

/** The entries of artifacts with this manifest, by name; one that runs on any CPU may have several. */
export function entriesOf(lock: Lock, manifest: LockedManifest): [name: string, entry: PackedEntry][] {
  const { name, target, package: packaging, architecture } = manifest;
  const platform = `${name} ${target}${packaging === 'image' ? '-image' : ''}/`;
  return Object.entries(lock.packed ?? {}).filter(
    ([key]) => key.startsWith(platform) && runsOn(architecture, key.slice(platform.length)),
  );
}

type LockedManifest = Pick<Manifest, 'name' | 'target' | 'package' | 'architecture'>;

function invalid(message: string, cause?: unknown): ColdpressError {
  return new ColdpressError('LOCK_INVALID', message, {
    hint: 'restore it from version control, or delete it',
    cause,
  });
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
