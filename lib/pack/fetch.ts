import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { claim } from '../claim.ts';
import { ColdpressError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { makeFolder } from '../make-folder.ts';
import { readBooster } from '../model/formats/read-booster.ts';
import { TensorProto_DataLocation } from '../model/onnx_pb.ts';
import { readOutline } from '../model/read.ts';
import { allTensors } from '../model/walk.ts';
import { quote } from '../shell-command.ts';
import { type DownloadOptions, download, shown } from './fetch/download.ts';
import { fileNameOf } from './fetch/file-name.ts';
import { lockKey } from './fetch/lock-key.ts';
import { isRemote } from './fetch/remote.ts';
import { changeLock, type Lock, readLock } from './lock.ts';

export interface FetchOptions {
  /** The user's hash, in hexadecimal. Without it the lock's counts; without either, the downloaded file's is pinned. */
  sha256?: string;
  /** `coldpress.lock.json` next to the config. */
  lockPath: string;
  /** The folder of the cache. */
  cacheDir: string;
  onProgress?: (step: string) => void;
  signal?: AbortSignal;
}

export interface FetchedModel {
  path: string;
  sha256: string;
  sizeBytes: number;
  /** Whether the model was in the cache. */
  hit: boolean;
  /** Whether the hash is known only from this download. */
  isNewlyPinned: boolean;
}

/** https://protobuf.dev/programming-guides/encoding/#size-limit, and the limit of a FlatBuffer in the .ort format. */
const modelBytesAtMost = 2 ** 31;

/**
 * Fetches a model from a URL into the cache, verifies it, and pins its hash in the lock.
 * @throws ColdpressError MODEL_URL_INVALID, MODEL_FETCH_FAILED, MODEL_HASH_MISMATCH, MODEL_EXTERNAL_DATA, or the error
 * for a file that is not a model
 */
export async function fetchModel(model: string, options: FetchOptions): Promise<FetchedModel> {
  const { lockPath, cacheDir, onProgress = () => {}, signal = new AbortController().signal } = options;
  const url = parseUrl(model);
  const lock = await readLock(lockPath);
  const expected = expectedHash(model, lock, options.sha256);
  if (url.protocol === 'http:' && expected === undefined) {
    throw new ColdpressError(
      'MODEL_URL_INVALID',
      `${shown(url)} has no TLS, so anybody on the way can replace it`,
      {
        hint: 'use https://, or pass the SHA-256 that the model must have: --sha256 HEX',
      },
    );
  }
  await makeFolder(cacheDir);
  const key = createHash('sha256').update(lockKey(model)).digest('hex').slice(0, 32);
  const dir = join(cacheDir, `fetching-${key}`);
  const claimed = await claim(`${dir}.claim`, {
    signal,
    onWait: pid => onProgress(`waiting for process ${pid}, which fetches it, too`),
  });
  const mostBytes = sizeAtMost(lock, model, expected);
  const { sha256, hit } = await obtain(url, {
    dir,
    expected,
    mostBytes,
    cacheDir,
    onProgress,
    signal,
  }).finally(claimed.release);
  const path = placeOf(url, sha256, cacheDir);
  const { size: sizeBytes } = await stat(path);
  await changeLock(lockPath, changed => {
    changed.models = { ...changed.models, [lockKey(model)]: { sha256, sizeBytes } };
  });
  return { path, sha256, sizeBytes, hit, isNewlyPinned: expected === undefined };
}

type ObtainOptions = DownloadOptions & { expected: string | undefined; cacheDir: string };

/** Returns the model from the cache, or downloads it. The caller must own the claim of `dir`. */
async function obtain(url: URL, options: ObtainOptions): Promise<{ sha256: string; hit: boolean }> {
  const { expected, cacheDir, dir } = options;
  const hit = expected !== undefined && (await isWhole(placeOf(url, expected, cacheDir), expected));
  const sha256 = hit ? expected : await fetchAnew(url, options);
  // The partial download: of this run, or of one that was killed after it had moved the file into place.
  await rm(dir, { recursive: true, force: true });
  return { sha256, hit };
}

/** @returns the hash of the downloaded file, which is then in the cache */
async function fetchAnew(url: URL, { expected, cacheDir, ...options }: ObtainOptions): Promise<string> {
  const { path, sha256 } = await download(url, options);
  try {
    checkHash(url, { expected, actual: sha256 });
    await checkModel(path, url);
  } catch (error) {
    await rm(options.dir, { recursive: true, force: true });
    throw error;
  }
  const place = placeOf(url, sha256, cacheDir);
  await makeFolder(dirname(place));
  await rename(path, place);
  return sha256;
}

/** Whether the cached file has its hash: bad disks, copied caches and power cuts change files silently. */
async function isWhole(path: string, sha256: string): Promise<boolean> {
  return existsSync(path) && (await hashFile(path)) === sha256;
}

/** The largest size that the file may have: the pinned one, or the limit of a model in one file. */
function sizeAtMost(lock: Lock, model: string, expected: string | undefined): number {
  const pinned = lock.models?.[lockKey(model)];
  return pinned !== undefined && pinned.sha256 === expected ? pinned.sizeBytes : modelBytesAtMost;
}

/**
 * Finds a fetched model in the cache; reads nothing else. The caller must compare the hash of the file with the
 * returned one when it reads it.
 * @throws ColdpressError MODEL_NOT_FETCHED
 */
export async function fetchedModel(
  model: string,
  options: Pick<FetchOptions, 'sha256' | 'lockPath' | 'cacheDir'>,
): Promise<{ path: string; sha256: string }> {
  const url = parseUrl(model);
  const lock = await readLock(options.lockPath);
  const sha256 = expectedHash(model, lock, options.sha256);
  const path = sha256 === undefined ? undefined : placeOf(url, sha256, options.cacheDir);
  if (sha256 === undefined || path === undefined || !existsSync(path)) {
    throw new ColdpressError(
      'MODEL_NOT_FETCHED',
      `${shown(url)} is not in the cache${sha256 === undefined ? '' : ` with SHA-256 ${sha256}`}; packing uses no network`,
      { hint: `npx coldpress fetch ${quote(shown(url))}` },
    );
  }
  const now = new Date();
  await utimes(join(path, '..'), now, now).catch(() => {});
  return { path, sha256 };
}

/**
 * The same file with its hash compared, for callers that do not compute the hash anyway.
 * @throws ColdpressError MODEL_NOT_FETCHED, MODEL_DAMAGED
 */
export async function verifiedModel(
  model: string,
  options: Pick<FetchOptions, 'sha256' | 'lockPath' | 'cacheDir'>,
): Promise<string> {
  const { path, sha256 } = await fetchedModel(model, options);
  checkUnchanged(path, { expected: sha256, actual: await hashFile(path) });
  return path;
}

/** @throws ColdpressError MODEL_DAMAGED */
export function checkUnchanged(
  path: string,
  { expected, actual }: { expected: string; actual: string },
): void {
  if (expected !== actual) {
    throw new ColdpressError(
      'MODEL_DAMAGED',
      `${path} has SHA-256 ${actual}, where ${expected} is expected`,
      { hint: 'a model from a URL: npx coldpress fetch; another: correct "sha256" in the config' },
    );
  }
}

function parseUrl(model: string): URL {
  const url = isRemote(model) ? new URL(model) : undefined;
  const isSecret = url !== undefined && url.username + url.password !== '';
  if (url === undefined || isSecret || !isDecodable(url.pathname)) {
    const named = isSecret ? `a URL of ${url.host} with a password in it` : JSON.stringify(model);
    throw new ColdpressError(
      'MODEL_URL_INVALID',
      `${named} cannot be fetched: use https://, s3:// or gs://`,
      {
        hint: 'https://… without a password, s3://BUCKET/KEY or gs://BUCKET/OBJECT; a path needs no fetching',
      },
    );
  }
  return url;
}

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '/';
  } catch {
    return false;
  }
}

/** The user's hash takes precedence over the lock's. */
function expectedHash(model: string, lock: Lock, given: string | undefined): string | undefined {
  if (given !== undefined && !/^[0-9a-f]{64}$/i.test(given)) {
    throw new ColdpressError('MODEL_HASH_INVALID', `${JSON.stringify(given)} is not a SHA-256`, {
      hint: '64 hexadecimal digits, as sha256sum prints them',
    });
  }
  return given?.toLowerCase() ?? lock.models?.[lockKey(model)]?.sha256;
}

function checkHash(url: URL, { expected, actual }: { expected: string | undefined; actual: string }): void {
  if (expected !== undefined && expected !== actual) {
    throw new ColdpressError(
      'MODEL_HASH_MISMATCH',
      `${shown(url)} has SHA-256 ${actual}, where ${expected} is expected`,
      {
        hint: 'if it was meant to change, name the new one: npx coldpress fetch URL --sha256 HEX, and "sha256" in the config',
      },
    );
  }
}

/** Checks that the file is a complete model and not, for example, an error page. */
async function checkModel(path: string, url: URL): Promise<void> {
  const renamed = (error: unknown): never => {
    throw error instanceof ColdpressError
      ? new ColdpressError(error.code, error.message.replaceAll(path, shown(url)), { hint: error.hint ?? '' })
      : error;
  };
  if ((await readBooster(path).catch(renamed)) !== undefined) {
    return;
  }
  const model = await readOutline(path).catch(renamed);
  const isSplit =
    model.format === 'onnx' &&
    [...allTensors(model.proto)].some(tensor => tensor.dataLocation === TensorProto_DataLocation.EXTERNAL);
  if (isSplit) {
    throw new ColdpressError(
      'MODEL_EXTERNAL_DATA',
      `${shown(url)} keeps weights in a file of their own; a model that is fetched must be one file`,
      { hint: 'save it in one, onnx.save(onnx.load(path), out), or download both files and pass the path' },
    );
  }
}

/** Each hash has a folder of its own, so that the file can keep its name, which names the function. */
function placeOf(url: URL, sha256: string, cacheDir: string): string {
  return join(cacheDir, `model-${sha256}`, fileNameOf(url));
}
