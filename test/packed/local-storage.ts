import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen, unlisten } from '../../lib/local/listen.ts';

export interface KeptObject {
  bytes: Buffer;
  generation: string;
  timeCreated: string;
  metadata: Record<string, string>;
}

export interface LocalStorage {
  host: string;
  /** By bucket and name: `bucket/name`. */
  objects: Map<string, KeptObject>;
  /** Uploads that ended, in order: an object that is written twice is here twice. */
  written: string[];
  put(path: string, text: string, metadata?: Record<string, string>): void;
  /** Called before an upload ends; `false` loses it, as a connection that is cut. */
  onEnd: (path: string) => boolean;
  close(): Promise<void>;
}

/** Of a list; Google's is 1000. */
const pageSize = 7;

/**
 * Cloud Storage as its JSON API has it: lists by page, objects by generation, resumable uploads whose object appears with
 * the last part. https://cloud.google.com/storage/docs/json_api/v1
 */
export async function startStorage(): Promise<LocalStorage> {
  let count = 0;
  const sessions = new Map<string, { path: string; metadata: Record<string, string>; parts: Buffer[] }>();
  const put = (path: string, bytes: Buffer, metadata: Record<string, string>) => {
    count += 1;
    const timeCreated = new Date(1_700_000_000_000 + count).toISOString();
    state.objects.set(path, { bytes, generation: String(count), timeCreated, metadata });
  };
  const state: LocalStorage = {
    host: '',
    objects: new Map(),
    written: [],
    put: (path, text, metadata = {}) => put(path, Buffer.from(text), metadata),
    onEnd: () => true,
    close: () => unlisten(server),
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(error => response.writeHead(500).end(String(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, state.host);
    const body = await buffer(request);
    const [, bucket, name] =
      /^(?:\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(pathname)?.map(decodeURIComponent) ?? [];
    const session = sessions.get(pathname);
    if (session !== undefined) {
      takePart(session, { body, range: request.headers['content-range'] ?? '' }, request, response);
    } else if (request.method === 'POST') {
      const { name, metadata = {} } = JSON.parse(body.toString());
      const path = `/session/${sessions.size}`;
      sessions.set(path, { path: `${bucket}/${name}`, metadata, parts: [] });
      response.writeHead(200, { location: `${state.host}${path}` }).end();
    } else if (name === undefined || name === 'undefined') {
      response.end(JSON.stringify(page(`${bucket}/`, searchParams)));
    } else {
      const found = state.objects.get(`${bucket}/${name}`);
      const generation = searchParams.get('generation') ?? found?.generation;
      if (found === undefined || found.generation !== generation) {
        response.writeHead(404).end();
      } else if (request.method === 'DELETE') {
        const isCurrent = searchParams.get('ifGenerationMatch') === generation;
        response.writeHead(isCurrent ? 204 : 412).end();
        if (isCurrent) {
          state.objects.delete(`${bucket}/${name}`);
        }
      } else if (searchParams.get('alt') === 'media') {
        const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
        response.writeHead(start === undefined ? 200 : 206);
        response.end(found.bytes.subarray(Number(start ?? 0), end ? Number(end) + 1 : found.bytes.length));
      } else {
        response.end(JSON.stringify({ size: String(found.bytes.length), metadata: found.metadata }));
      }
    }
  }

  function page(bucket: string, query: URLSearchParams) {
    const start = Number(query.get('pageToken') ?? 0);
    const names = [...state.objects.keys()]
      .filter(path => path.startsWith(`${bucket}${query.get('prefix')}`))
      .sort();
    const items = names.slice(start, start + pageSize).map(path => {
      const { bytes, generation, timeCreated, metadata } = state.objects.get(path)!;
      const size = String(bytes.length);
      return { name: path.slice(bucket.length), generation, timeCreated, size, metadata };
    });
    const end = start + pageSize;
    return { items, ...(end < names.length && { nextPageToken: String(end) }) };
  }

  function takePart(
    { path, metadata, parts }: { path: string; metadata: Record<string, string>; parts: Buffer[] },
    { body, range }: { body: Buffer; range: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (request.method === 'DELETE') {
      response.writeHead(499).end();
      return;
    }
    parts.push(body);
    if (range.endsWith('/*')) {
      response.writeHead(308).end();
    } else if (state.onEnd(path)) {
      put(path, Buffer.concat(parts), metadata);
      state.written.push(path);
      response.end('{}');
    } else {
      request.socket.destroy();
    }
  }

  state.host = `http://127.0.0.1:${await listen(server, 0)}`;
  return state;
}
