import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ColdpressError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { FetchFailure } from './failure.ts';
import type { FetchPart, RemotePart } from './part.ts';
import { stores } from './remote.ts';

export interface DownloadOptions {
  /** A folder for this URL and process only. A partial download in it is resumed. */
  dir: string;
  /** The largest size that the file may have. A download that exceeds it is stopped. */
  mostBytes: number;
  onProgress: (step: string) => void;
  signal: AbortSignal;
  /** Requests the file. @default the store of the URL's scheme */
  fetchPart?: FetchPart | undefined;
  /** Returns the error of a download that is given up. @default MODEL_FETCH_FAILED */
  refusal?: ((failure: FetchFailure) => Error) | undefined;
}

/** Consecutive attempts without progress before the download is given up. */
const maxAttempts = 4;
const firstPauseMs = 250;
/** Fewer bytes than this do not count as progress. */
const progressBytes = 2 ** 16;
/** A connection that delivers nothing for this long is considered broken. */
const stallMs = 30_000;

/**
 * Downloads into `dir` and resumes an earlier attempt.
 * @returns the file and its SHA-256
 * @throws ColdpressError MODEL_FETCH_FAILED or that of `refusal`; the partial download is kept for the next run
 */
export async function download(
  url: URL,
  options: DownloadOptions,
): Promise<{ path: string; sha256: string }> {
  await makeFolder(options.dir);
  const path = join(options.dir, 'part');
  const { fetchPart = stores[url.protocol]!, refusal = modelRefusal(url) } = options;
  const written: Written = { bytes: 0, hash: createHash('sha256') };
  for (let failures = 0; ; ) {
    const before = await sizeOf(path);
    try {
      await continueDownload(url, fetchPart, { ...options, path, written });
      return { path, sha256: written.hash.digest('hex') };
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof FetchFailure)) {
        throw error;
      }
      failures = (await sizeOf(path)) >= before + progressBytes ? 1 : failures + 1;
      if (!error.isTransient || failures >= maxAttempts) {
        const isUseless = error.status === undefined && !error.isTransient;
        if (isUseless || (await sizeOf(path)) === 0) {
          await rm(options.dir, { recursive: true, force: true });
        }
        throw refusal(error);
      }
      await wait(firstPauseMs * 2 ** failures, undefined, { signal: options.signal }).catch(() => {});
      options.signal.throwIfAborted();
    }
  }
}

function modelRefusal(url: URL) {
  return (failure: FetchFailure) =>
    new ColdpressError('MODEL_FETCH_FAILED', `${shown(url)}: ${failure.message}`, {
      hint: failure.hint,
      cause: failure,
    });
}

/** The part of the file that is written, and its hash so far, so that nothing is read again for verification. */
interface Written {
  bytes: number;
  hash: Hash;
}

async function continueDownload(
  url: URL,
  fetchPart: FetchPart,
  { path, dir, mostBytes, written, onProgress, signal }: DownloadOptions & { path: string; written: Written },
): Promise<void> {
  const validatorPath = join(dir, 'validator');
  const validator = await readFile(validatorPath, 'utf8').catch(() => '');
  const stall = new AbortController();
  const part = await fetchPart({
    url,
    offsetBytes: await sizeOf(path),
    validator,
    signal: AbortSignal.any([signal, stall.signal]),
  }).catch(async error => {
    // The object changed, or is shorter than the partial download: start from the beginning.
    if (error instanceof FetchFailure && (error.status === 412 || error.status === 416)) {
      await rm(dir, { recursive: true, force: true });
      await makeFolder(dir);
    }
    throw error;
  });
  try {
    if ((part.totalBytes ?? 0) > mostBytes) {
      throw tooLarge(mostBytes);
    }
    await writeFile(validatorPath, part.validator);
    await rehash(path, written, part.offsetBytes);
    await append(part, path, {
      stall,
      written,
      mostBytes: part.totalBytes ?? mostBytes,
      onProgress: bytes => onProgress(describe(url, bytes, part.totalBytes)),
    });
  } catch (error) {
    stall.abort();
    throw error;
  }
}

/** Sets `written` to this many bytes: 0 if the server started again, or the bytes that an earlier run left. */
async function rehash(path: string, written: Written, bytes: number): Promise<void> {
  if (written.bytes === bytes) {
    return;
  }
  written.hash = createHash('sha256');
  if (bytes > 0) {
    for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 2 ** 20 })) {
      written.hash.update(chunk);
    }
  }
  written.bytes = bytes;
}

async function append(
  { body, totalBytes }: RemotePart,
  path: string,
  {
    stall,
    written,
    mostBytes,
    onProgress,
  }: { stall: AbortController; written: Written; mostBytes: number; onProgress: (bytes: number) => void },
): Promise<void> {
  const file = await open(path, written.bytes === 0 ? 'w' : 'r+');
  let timer = setTimeout(() => stall.abort(), stallMs);
  const chunks = body[Symbol.asyncIterator]();
  const next = () =>
    chunks.next().catch(cause => {
      throw broken(written.bytes, totalBytes, cause);
    });
  try {
    for (let result = await next(); !result.done; result = await next()) {
      const chunk = result.value;
      clearTimeout(timer);
      timer = setTimeout(() => stall.abort(), stallMs);
      if (written.bytes + chunk.length > mostBytes) {
        throw tooLarge(mostBytes);
      }
      await file.write(chunk, 0, chunk.length, written.bytes);
      written.hash.update(chunk);
      written.bytes += chunk.length;
      onProgress(written.bytes);
    }
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (totalBytes !== undefined && written.bytes !== totalBytes) {
    throw broken(written.bytes, totalBytes);
  }
}

function tooLarge(mostBytes: number): FetchFailure {
  return new FetchFailure(`it sends more than ${mostBytes} bytes, which the model cannot have`, {
    isTransient: false,
    hint: 'see that the URL leads to the model; a model in one file has 2 GiB at most',
  });
}

function broken(bytes: number, total: number | undefined, cause?: unknown): FetchFailure {
  return new FetchFailure(`the connection broke after ${bytes} of ${total ?? 'unknown'} bytes`, {
    isTransient: true,
    hint: 'run it again; what was downloaded is kept',
    cause,
  });
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    found => found.size,
    () => 0,
  );
}

function describe(url: URL, bytes: number, total: number | undefined): string {
  const share = total === undefined ? '' : `, ${Math.floor((100 * bytes) / total)} %`;
  return `fetching ${url.host}: ${(bytes / 1e6).toFixed(1)} MB${share}`;
}

/** The URL for messages, without the query, which contains the credentials of a presigned URL. */
export function shown(url: URL): string {
  return url.search === ''
    ? url.href
    : `${url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin}${url.pathname}?…`;
}
