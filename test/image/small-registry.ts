import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { sha256Of } from '../../lib/image/oci.ts';
import { listen, unlisten } from '../../lib/local/listen.ts';

/** The part of the distribution API that coldpress speaks, in memory. It is checked against a real registry's answers in real-registry.test.ts. */
export interface SmallRegistry {
  /** `127.0.0.1:PORT` */
  host: string;
  /** By digest, of all repositories. */
  blobs: Map<string, Buffer>;
  /** By `REPOSITORY:TAG` and `REPOSITORY@DIGEST`. */
  manifests: Map<string, { bytes: Buffer; type: string }>;
  /** Digests that a repository has. */
  linked: Map<string, Set<string>>;
  /** `METHOD PATH`, of each request. */
  requests: string[];
  /** Whether it keeps lists of referrers, as of 1.1 of the specification. */
  listsReferrers: boolean;
  /** Answers in the registry's place where it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  /** Told of bytes of blobs as they arrive. */
  onChunk: (bytes: number, request: IncomingMessage) => void;
  close(): Promise<void>;
}

export async function startRegistry(): Promise<SmallRegistry> {
  const uploads = new Map<string, { chunks: Buffer[]; size: number }>();
  const registry: SmallRegistry = {
    host: '',
    blobs: new Map(),
    manifests: new Map(),
    linked: new Map(),
    requests: [],
    listsReferrers: true,
    intercept: () => false,
    onChunk: () => {},
    close: () => unlisten(server),
  };
  const has = (repository: string, digest: string) => registry.linked.get(repository)?.has(digest) === true;
  const link = (repository: string, digest: string) => {
    registry.linked.set(repository, (registry.linked.get(repository) ?? new Set()).add(digest));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, 'http://registry');
    registry.requests.push(`${request.method} ${request.url}`);
    if (await registry.intercept(request, response)) {
      return;
    }
    const [, repository = '', kind, rest = ''] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(url.pathname) ?? [];
    const end = (status: number, headers: Record<string, string | number> = {}, body?: Buffer | string) =>
      response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
    const fail = (status: number, code: string) =>
      end(
        status,
        { 'content-type': 'application/json' },
        JSON.stringify({ errors: [{ code, message: code }] }),
      );
    const place = (id: string, size: number) => ({
      location: `/v2/${repository}/blobs/uploads/${id}`,
      range: `0-${Math.max(0, size - 1)}`,
    });

    if (kind === 'manifests' && request.method === 'PUT') {
      const bytes = await buffer(request);
      const digest = sha256Of(bytes);
      const { config, layers = [], manifests = [], subject } = JSON.parse(bytes.toString());
      const missing =
        [...(config === undefined ? [] : [config]), ...layers].some(blob => !has(repository, blob.digest)) ||
        manifests.some((each: { digest: string }) => !registry.manifests.has(`${repository}@${each.digest}`));
      if (missing) {
        return fail(400, 'MANIFEST_BLOB_UNKNOWN');
      }
      const stored = { bytes, type: request.headers['content-type']! };
      registry.manifests.set(`${repository}@${digest}`, stored);
      if (!rest.startsWith('sha256:')) {
        registry.manifests.set(`${repository}:${rest}`, stored);
      }
      return end(201, {
        'docker-content-digest': digest,
        ...(subject !== undefined && registry.listsReferrers && { 'oci-subject': subject.digest }),
      });
    }
    if (kind === 'manifests') {
      const found = registry.manifests.get(`${repository}${rest.startsWith('sha256:') ? '@' : ':'}${rest}`);
      return found === undefined
        ? fail(404, 'MANIFEST_UNKNOWN')
        : end(
            200,
            { 'content-type': found.type, 'docker-content-digest': sha256Of(found.bytes) },
            found.bytes,
          );
    }
    if (kind === 'blobs') {
      const bytes = has(repository, rest) ? registry.blobs.get(rest)! : undefined;
      return bytes === undefined
        ? fail(404, 'BLOB_UNKNOWN')
        : end(
            200,
            { 'content-length': bytes.length, etag: `"${rest}"`, 'docker-content-digest': rest },
            bytes,
          );
    }
    if (kind === 'blobs/uploads' && request.method === 'POST') {
      const { mount, from } = Object.fromEntries(url.searchParams);
      if (mount !== undefined && has(from!, mount)) {
        link(repository, mount);
        return end(201, { 'docker-content-digest': mount });
      }
      const id = randomUUID();
      uploads.set(id, { chunks: [], size: 0 });
      return end(202, place(id, 0));
    }
    const upload = kind === 'blobs/uploads' ? uploads.get(rest) : undefined;
    if (upload === undefined) {
      return fail(404, 'BLOB_UPLOAD_UNKNOWN');
    }
    if (request.method === 'GET') {
      return end(204, place(rest, upload.size));
    }
    const start = /^(\d+)-/.exec(request.headers['content-range'] ?? '')?.[1];
    if (start !== undefined && Number(start) !== upload.size) {
      return end(416, place(rest, upload.size));
    }
    // What arrives before a connection breaks stays, as in registries that keep files.
    for await (const chunk of request) {
      upload.chunks.push(chunk);
      upload.size += chunk.length;
      registry.onChunk(chunk.length, request);
    }
    if (request.method === 'PATCH') {
      return end(202, place(rest, upload.size));
    }
    const bytes = Buffer.concat(upload.chunks);
    const digest = url.searchParams.get('digest')!;
    if (sha256Of(bytes) !== digest) {
      return fail(400, 'DIGEST_INVALID');
    }
    uploads.delete(rest);
    registry.blobs.set(digest, bytes);
    link(repository, digest);
    return end(201, { 'docker-content-digest': digest });
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  registry.host = `127.0.0.1:${await listen(server, 0)}`;
  return registry;
}
