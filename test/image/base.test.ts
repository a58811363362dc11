import { readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findBase } from '../../lib/image/base.ts';
import { fetchBase } from '../../lib/image/fetch-base.ts';
import { makeScratch } from '../packed/pack-example.ts';
import { alpine, debian, putBase } from './make-base.ts';
import { type SmallRegistry, startRegistry } from './small-registry.ts';

const scratch = makeScratch();
const places = { lockPath: join(scratch, 'coldpress.lock.json'), cacheDir: join(scratch, 'cache') };
let registry: SmallRegistry;
let name: string;

beforeAll(async () => {
  registry = await startRegistry();
  name = `${registry.host}/bases/node:24`;
});
afterAll(() => registry.close());
beforeEach(async () => {
  registry.intercept = () => false;
  rmSync(places.lockPath, { force: true });
  rmSync(places.cacheDir, { recursive: true, force: true });
  await putBase(registry, 'bases/node:24');
});

const fetch = (options: object = {}, given = name) =>
  fetchBase(given, {
    ...places,
    env: { HOME: scratch },
    signal: new AbortController().signal,
    pauseMs: 1,
    ...options,
  });
const lock = () => JSON.parse(readFileSync(places.lockPath, 'utf8'));

test('a base is fetched for both CPUs, once, and pinned', async () => {
  const first = await fetch();
  expect(first).toMatchObject({ name, architectures: ['x64', 'arm64'], isNewlyPinned: true });
  expect(lock()).toEqual({ images: { [name]: { digest: first.digest } } });
  expect(await fetch()).toMatchObject({ downloadedBytes: 0, isNewlyPinned: false });
  expect((await findBase(name, 'arm64', places)).facts).toEqual({
    node: '/usr/local/bin/node',
    libc: 'glibc',
    provides: { GLIBC: '2.36', GLIBCXX: '3.4.30' },
  });
});

test('the lock counts when the tag moves, until it is updated', async () => {
  const { digest } = await fetch();
  const moved = await putBase(registry, 'bases/node:24', { ...debian, env: ['NODE_VERSION=24.22.0'] });
  expect((await fetch()).digest).toBe(digest);
  expect((await fetch({ update: true })).digest).toBe(moved);
  expect(lock().images[name].digest).toBe(moved);
});

test('one CPU, by itself', async () => {
  await fetch({ architecture: 'arm64' });
  await expect(findBase(name, 'x64', places)).rejects.toMatchObject({ code: 'BASE_NOT_FETCHED' });
});

test('Alpine Linux has musl', async () => {
  await putBase(registry, 'bases/alpine:24', alpine);
  const given = `${registry.host}/bases/alpine:24`;
  await fetch({}, given);
  expect((await findBase(given, 'x64', places)).facts.libc).toBe('musl');
});

const at =
  (pattern: RegExp, answer: (response: ServerResponse) => void) =>
  (request: IncomingMessage, response: ServerResponse) => {
    const hit = pattern.test(`${request.method} ${request.url}`);
    if (hit) {
      answer(response);
    }
    return hit;
  };
const other = `sha256:${'0'.repeat(64)}`;
const empty = JSON.stringify({ schemaVersion: 2, layers: [], config: {} });

test.each<[string, SmallRegistry['intercept'], string]>([
  [
    'another manifest than the digest says',
    at(/GET .*manifests\/sha256/, r => r.end(empty)),
    'REGISTRY_DIGEST',
  ],
  [
    'another digest than the manifest has',
    at(/GET .*manifests\/24/, r => r.writeHead(200, { 'docker-content-digest': other }).end(empty)),
    'REGISTRY_DIGEST',
  ],
  ['another layer than the digest says', at(/GET .*blobs/, r => r.end('x')), 'REGISTRY_DIGEST'],
  ['a manifest that is none', at(/GET .*manifests\/24/, r => r.end('<html>')), 'BASE_INVALID'],
  ['no such image', at(/GET .*manifests/, r => r.writeHead(404).end()), 'REGISTRY_NOT_FOUND'],
  ['a limit of requests', at(/GET .*manifests/, r => r.writeHead(429).end()), 'REGISTRY_RATE_LIMITED'],
])('a registry with %s: nothing is pinned', async (_, intercept, code) => {
  registry.intercept = intercept;
  await expect(fetch()).rejects.toMatchObject({ name: 'ColdpressError', code });
  expect(() => lock()).toThrow('ENOENT');
});
