import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ColdpressError } from '../../errors.ts';
import type { Blob } from '../oci.ts';
import { explain, type Registry } from './client.ts';
import { repeat, TransientFailure } from './repeat.ts';

/** Above ECR's minimum part size of 5 MiB; this much is sent again if a connection breaks. */
const chunkBytes = 16 * 2 ** 20;

export interface UploadOptions {
  /** Repositories of the same registry that may have the blob. */
  mountFrom?: string | undefined;
  /** Called with the number of bytes that were sent. */
  onSent?: (bytes: number) => void;
}

/** How the registry got the blob. */
export type Uploaded = 'present' | 'mounted' | 'sent';

/**
 * Ensures that a registry has a blob: it is already there, is mounted from another repository, or is sent in chunks,
 * resuming where a broken connection ended.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#push
 * @throws ColdpressError REGISTRY_DIGEST, and the errors of `Registry.send`
 */
export async function uploadBlob(
  registry: Registry,
  blob: Blob,
  options: UploadOptions = {},
): Promise<Uploaded> {
  if (await hasBlob(registry, blob)) {
    return 'present';
  }
  const session = await startUpload(registry, blob, options.mountFrom);
  if (session === undefined) {
    return 'mounted';
  }
  const { registry: host, repository } = registry.reference;
  const state: UploadState = { ...session, offset: 0, isWhole: false, isSpoilt: false };
  const pace = { ...registry.pace, progress: () => state.offset };
  await repeat(failures => continueUpload(registry, { blob, state, failures, ...options }), pace).catch(
    async error => {
      throw await explain(`${host}/${repository}`, error);
    },
  );
  return 'sent';
}

/** @throws ColdpressError REGISTRY_DIGEST if the registry has other content under this digest */
async function hasBlob(registry: Registry, { digest, size }: Blob): Promise<boolean> {
  const response = await registry.send({ method: 'HEAD', path: `blobs/${digest}`, statuses: [200, 404] });
  if (response.status === 404) {
    return false;
  }
  const length = response.headers.get('content-length');
  checkDigest(registry, { response, digest });
  if (length !== null && Number(length) !== size) {
    throw digestError(registry, `reports ${length} bytes for ${digest}, which has ${size}`);
  }
  return true;
}

/** @throws ColdpressError REGISTRY_DIGEST if an answer names another digest */
export function checkDigest(
  registry: Registry,
  { response, digest }: { response: Response; digest: string },
): void {
  const named = response.headers.get('docker-content-digest');
  if (named !== null && named !== digest) {
    throw digestError(registry, `reports the digest ${named} for ${digest}`);
  }
}

export function digestError({ reference: { registry, repository } }: Registry, what: string): ColdpressError {
  return new ColdpressError('REGISTRY_DIGEST', `${registry}/${repository}: the registry ${what}`, {
    hint: 'its storage is damaged, or a proxy changes the content; no tag was set',
  });
}

/** The URL to send chunks to, and their minimum size. */
interface UploadSession {
  url: URL;
  chunkBytes: number;
}

interface UploadState extends UploadSession {
  /** Number of bytes that the registry has. */
  offset: number;
  /** Whether the blob is sent in one piece, for a registry that does not accept chunks. */
  isWhole: boolean;
  /** Whether the registry received other bytes than were sent, so that they have to be sent again. */
  isSpoilt: boolean;
}

/** @returns `undefined` if the registry mounted the blob from another repository */
async function startUpload(
  registry: Registry,
  { digest }: Blob,
  mountFrom?: string,
): Promise<UploadSession | undefined> {
  const mount = mountFrom === undefined ? '' : `?${new URLSearchParams({ mount: digest, from: mountFrom })}`;
  const path = `blobs/uploads/${mount}`;
  const response = await registry.send({ method: 'POST', path, statuses: [201, 202] });
  if (response.status === 201) {
    checkDigest(registry, { response, digest });
    return undefined;
  }
  const least = Number(response.headers.get('oci-chunk-min-length') ?? 0);
  return { url: locationOf(registry, response, path), chunkBytes: Math.max(chunkBytes, least || 0) };
}

function locationOf(registry: Registry, response: Response, path: string): URL {
  const location = response.headers.get('location') ?? '';
  const { url } = registry.locate(path);
  if (location === '' || !URL.canParse(location, url.href)) {
    throw new ColdpressError('REGISTRY_FAILED', `${url.host}: the registry names no place for an upload`, {
      hint: 'check that the name is that of a registry to which you can push',
    });
  }
  return new URL(location, url);
}

interface Step extends UploadOptions {
  blob: Blob;
  state: UploadState;
  failures: number;
}

/** Sends what is missing; throws a TransientFailure if it can be resumed. */
async function continueUpload(registry: Registry, step: Step): Promise<void> {
  const { blob, state, failures, onSent = () => {} } = step;
  if (failures > 0 && (await resume(registry, step)) === 'done') {
    return;
  }
  if (state.isWhole) {
    return commit(registry, step);
  }
  while (blob.size - state.offset > state.chunkBytes) {
    const body = await readChunk(blob, state.offset, state.chunkBytes);
    const response = await registry.send({
      method: 'PATCH',
      path: state.url,
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${state.offset}-${state.offset + body.length - 1}`,
      },
      body,
      // Registries without chunks reject the method, the header or the second chunk.
      statuses: [202, 400, 404, 405, 415, 416, 501],
      once: true,
    });
    if (response.status !== 202) {
      await response.body?.cancel();
      if (failures > 0) {
        throw spoilt(state, response);
      }
      const session = await startUpload(registry, blob);
      Object.assign(state, session, { offset: 0, isWhole: true });
      return commit(registry, step);
    }
    state.url = locationOf(registry, response, '');
    state.offset += body.length;
    onSent(body.length);
  }
  await commit(registry, step);
  onSent(blob.size - state.offset);
}

/** Finds out how much arrived before the connection broke. */
async function resume(registry: Registry, { blob, state }: Step): Promise<'done' | 'more'> {
  const response = await registry.send({
    path: state.url,
    statuses: [204, 202, 200, 400, 404, 405, 416],
    once: true,
  });
  await response.body?.cancel();
  const received = /^(?:bytes=)?0-(\d+)$/.exec(response.headers.get('range') ?? '')?.[1];
  if (response.status === 204 && received !== undefined && !state.isWhole && !state.isSpoilt) {
    state.url = response.headers.has('location') ? locationOf(registry, response, '') : state.url;
    // An empty upload is reported as 0-0, just like one of a single byte.
    state.offset = received === '0' ? 0 : Math.min(Number(received) + 1, blob.size);
    return 'more';
  }
  // The upload is complete, or the registry discarded it.
  if (await hasBlob(registry, blob)) {
    return 'done';
  }
  Object.assign(state, await startUpload(registry, blob), { offset: 0, isSpoilt: false });
  return 'more';
}

/** Sends the rest with the digest, which the registry compares with what it received. */
async function commit(registry: Registry, { blob, state, failures }: Step): Promise<void> {
  const path = new URL(state.url);
  path.searchParams.set('digest', blob.digest);
  const from = state.offset;
  const size = blob.size - from;
  const isLarge = size > chunkBytes && 'path' in blob;
  const response = await registry.send({
    method: 'PUT',
    path,
    headers: {
      'content-type': 'application/octet-stream',
      ...(from > 0 && { 'content-range': `${from}-${blob.size - 1}` }),
      ...(isLarge && { 'content-length': String(size) }),
    },
    body: isLarge
      ? () => Readable.toWeb(createReadStream(blob.path, { start: from })) as ReadableStream
      : await readChunk(blob, from, size),
    // After a broken connection, some bytes may have arrived twice.
    statuses: [201, 204, 404, 416, ...(failures > 0 ? [400] : [])],
    once: true,
  });
  if (response.status > 299) {
    await response.body?.cancel();
    throw spoilt(state, response);
  }
  checkDigest(registry, { response, digest: blob.digest });
}

function spoilt(state: UploadState, { status }: Response): TransientFailure {
  state.isSpoilt = true;
  return new TransientFailure(`it refuses the upload (${status})`);
}

async function readChunk(blob: Blob, offset: number, length: number): Promise<Buffer> {
  if ('bytes' in blob) {
    return blob.bytes.subarray(offset, offset + length);
  }
  const file = await open(blob.path);
  try {
    const chunk = Buffer.alloc(Math.min(length, blob.size - offset));
    let filled = 0;
    while (filled < chunk.length) {
      const { bytesRead } = await file.read(chunk, filled, chunk.length - filled, offset + filled);
      if (bytesRead === 0) {
        throw new ColdpressError('BLOB_DAMAGED', `${blob.path} is shorter than ${blob.size} bytes`, {
          hint: 'something changed the cache while it was read: run the command again',
        });
      }
      filled += bytesRead;
    }
    return chunk;
  } finally {
    await file.close();
  }
}
