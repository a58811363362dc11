import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ColdpressError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { hashFile } from '../../model/hash.ts';
import { FetchFailure } from './failure.ts';
import type { FetchPart, RemotePart } from './part.ts';
import { stores } from './remote.ts';

export interface DownloadOptions {
  /** A folder for this URL alone; what lies in it is resumed. */
  dir: string;
  onProgress: (step: string) => void;
  signal: AbortSignal;
}

/** Attempts in a row that bring nothing before it is given up. */
const maxAttempts = 4;
const firstPauseMs = 250;
/** A connection that brings nothing for so long is taken for broken. */
const stallMs = 30_000;

/**
 * Downloads into `dir`, from where an attempt before this one ended.
 * @returns the file and its SHA-256
 * @throws ColdpressError MODEL_FETCH_FAILED; what came is kept for the next time
 */
export async function download(
  url: URL,
  options: DownloadOptions,
): Promise<{ path: string; sha256: string }> {
  await makeFolder(options.dir);
  const path = join(options.dir, 'part');
  const fetchPart = stores[url.protocol]!;
  for (let failures = 0; ; ) {
    const before = await sizeOf(path);
    try {
      await continueDownload(url, fetchPart, { ...options, path });
      return { path, sha256: await hashFile(path) };
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof FetchFailure)) {
        throw error;
      }
      failures = (await sizeOf(path)) > before ? 1 : failures + 1;
      if (!error.isTransient || failures >= maxAttempts) {
        throw new ColdpressError('MODEL_FETCH_FAILED', `${shown(url)}: ${error.message}`, {
          hint: error.hint,
          cause: error,
        });
      }
      await wait(firstPauseMs * 2 ** failures, undefined, { signal: options.signal }).catch(() => {});
      options.signal.throwIfAborted();
    }
  }
}

async function continueDownload(
  url: URL,
  fetchPart: FetchPart,
  { path, dir, onProgress, signal }: DownloadOptions & { path: string },
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
    // The object changed, or ends before what there is: from the beginning then.
    if (error instanceof FetchFailure && (error.status === 412 || error.status === 416)) {
      await rm(dir, { recursive: true, force: true });
      await makeFolder(dir);
    }
    throw error;
  });
  await writeFile(validatorPath, part.validator);
  await append(part, path, { stall, onProgress: bytes => onProgress(describe(url, bytes, part.totalBytes)) });
}

async function append(
  { body, offsetBytes, totalBytes }: RemotePart,
  path: string,
  { stall, onProgress }: { stall: AbortController; onProgress: (bytes: number) => void },
): Promise<void> {
  const file = await open(path, offsetBytes === 0 ? 'w' : 'r+');
  let at = offsetBytes;
  let timer = setTimeout(() => stall.abort(), stallMs);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      timer = setTimeout(() => stall.abort(), stallMs);
      await file.write(chunk, 0, chunk.length, at);
      at += chunk.length;
      onProgress(at);
    }
  } catch (cause) {
    throw broken(at, totalBytes, cause);
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (totalBytes !== undefined && at !== totalBytes) {
    throw broken(at, totalBytes);
  }
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

/** Without what a presigned URL proves its bearer by. */
export function shown(url: URL): string {
  return url.search === ''
    ? url.href
    : `${url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin}${url.pathname}?…`;
}
