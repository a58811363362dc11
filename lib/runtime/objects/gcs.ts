import { storageApi } from '../../contract/google-storage.ts';
import { RequestError } from '../errors.ts';
import { googleTokens } from '../platform/google-token.ts';
import { createParts } from './parts.ts';
import type { ObjectStore } from './types.ts';

/** An object in a bucket's listing. */
export interface ListedObject {
  key: string;
  generation: string;
  /** When this generation was created, as sortable text. */
  created: string;
  sizeBytes: number;
  /** Whether Cloud Storage inflates it on the way, so that its bytes have no known positions. */
  isEncoded: boolean;
  metadata: Record<string, string>;
}

export interface GoogleStore extends ObjectStore {
  /** Lists every object whose key begins with the prefix. */
  list(bucket: string, prefix: string): AsyncIterable<ListedObject>;
  /** Deletes this generation of an object, if it is still the current one. */
  remove(object: { bucket: string; key: string; generation: string }): Promise<void>;
}

/** https://cloud.google.com/storage/docs/json_api/v1/objects/list */
interface ListPage {
  items?: {
    name: string;
    generation: string;
    timeCreated: string;
    size: string;
    contentEncoding?: string;
    metadata?: Record<string, string>;
  }[];
  nextPageToken?: string;
}

/** A multiple of 256 KiB: https://cloud.google.com/storage/docs/performing-resumable-uploads#chunked-upload */
const partBytes = 8 * 1024 * 1024;

/** Opens Cloud Storage over its JSON API: four calls, for which the client library would need 3 MB. */
export function openStore(env: NodeJS.ProcessEnv): GoogleStore {
  const { origin, isEmulator } = storageApi(env);
  const token = googleTokens(env);

  async function call(url: string, init: RequestInit & { expect?: number[] } = {}): Promise<Response> {
    const authorization: Record<string, string> = isEmulator
      ? {}
      : { authorization: `Bearer ${await token()}` };
    const response = await fetch(url, { ...init, headers: { ...init.headers, ...authorization } });
    if (!response.ok && !init.expect?.includes(response.status)) {
      await response.arrayBuffer();
      throw new Error(`Cloud Storage answers ${response.status} for ${new URL(url).pathname}`);
    }
    return response;
  }

  return {
    async open({ bucket, key, version }) {
      const generation = version === undefined ? '' : `&generation=${version}`;
      const url = `${origin}/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(key)}`;
      const found = await call(`${url}?alt=json${generation}`, { expect: [404] });
      if (found.status === 404) {
        await found.arrayBuffer();
        throw new RequestError(404, 'OBJECT_MISSING', 'the object no longer exists');
      }
      const resource = (await found.json()) as {
        size: string;
        metadata?: Record<string, string>;
      };
      return {
        sizeBytes: Number(resource.size),
        metadata: resource.metadata ?? {},
        async *stream(start = 0) {
          const headers: Record<string, string> = start > 0 ? { range: `bytes=${start}-` } : {};
          const { body } = await call(`${url}?alt=media${generation}`, { headers });
          yield* body as AsyncIterable<Uint8Array>;
        },
        async range(start, end) {
          const headers = { range: `bytes=${start}-${end - 1}` };
          return new Uint8Array(
            await (await call(`${url}?alt=media${generation}`, { headers })).arrayBuffer(),
          );
        },
      };
    },

    async *list(bucket, prefix) {
      const fields = 'items(name,generation,timeCreated,size,contentEncoding,metadata),nextPageToken';
      let pageToken = '';
      do {
        const query = new URLSearchParams({ prefix, fields, ...(pageToken !== '' && { pageToken }) });
        const answer = await call(`${origin}/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`);
        const { items = [], nextPageToken = '' } = (await answer.json()) as ListPage;
        for (const { name, generation, timeCreated, size, contentEncoding, metadata = {} } of items) {
          yield {
            key: name,
            generation,
            created: timeCreated,
            metadata,
            sizeBytes: Number(size),
            isEncoded: Boolean(contentEncoding),
          };
        }
        pageToken = nextPageToken;
      } while (pageToken !== '');
    },

    async remove({ bucket, key, generation }) {
      const url = `${origin}/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(key)}`;
      const expect = [404, 412];
      const answer = await call(`${url}?ifGenerationMatch=${generation}`, { method: 'DELETE', expect });
      await answer.arrayBuffer();
    },

    async create({ bucket, key }, { contentType, metadata }) {
      const begin = `${origin}/upload/storage/v1/b/${encodeURIComponent(bucket)}/o?uploadType=resumable`;
      const started = await call(begin, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-upload-content-type': contentType },
        body: JSON.stringify({ name: key, metadata }),
      });
      await started.arrayBuffer();
      const session = started.headers.get('location');
      if (session === null) {
        throw new Error('Cloud Storage began no upload');
      }
      let offset = 0;
      async function put(part: Uint8Array, total: number | '*'): Promise<void> {
        const range =
          part.length === 0 ? `bytes */${total}` : `bytes ${offset}-${offset + part.length - 1}/${total}`;
        const headers = { 'content-range': range };
        // 308 means that the part was accepted and more is expected.
        const response = await call(session!, {
          method: 'PUT',
          headers,
          body: Buffer.from(part),
          expect: [308],
        });
        await response.arrayBuffer();
        offset += part.length;
      }
      const parts = createParts(partBytes, part => put(part, '*'));
      return {
        write: parts.write,
        // The last part contains the total size and makes the object appear.
        complete: () => put(parts.rest(), offset + parts.rest().length),
        async abort() {
          // Cloud Storage confirms the cancellation with 499.
          await (await call(session, { method: 'DELETE', expect: [499] })).arrayBuffer();
        },
      };
    },
  };
}
