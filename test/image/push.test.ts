import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { delimiter, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BuiltImage, buildImage } from '../../lib/image/build.ts';
import { fetchBase } from '../../lib/image/fetch-base.ts';
import { type Blob, sha256Of } from '../../lib/image/oci.ts';
import { pushImage } from '../../lib/image/push.ts';
import { parseReference } from '../../lib/image/reference.ts';
import { openRegistry } from '../../lib/image/registry/client.ts';
import { uploadBlob } from '../../lib/image/registry/upload.ts';
import { listen, unlisten } from '../../lib/local/listen.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { putBase } from './make-base.ts';
import { type SmallRegistry, startRegistry } from './small-registry.ts';

const scratch = makeScratch();
const lockPath = join(scratch, 'coldpress.lock.json');
const cacheDir = join(scratch, 'cache');
const env: NodeJS.ProcessEnv = { HOME: scratch, PATH: process.env.PATH, SOURCE_DATE_EPOCH: '0' };
const signal = new AbortController().signal;
const quick = { env, signal, pauseMs: 1 };
let registry: SmallRegistry;
let built: BuiltImage;

beforeAll(async () => {
  registry = await startRegistry();
  await putBase(registry, 'bases/node:24');
  const base = `${registry.host}/bases/node:24`;
  await fetchBase(base, { lockPath, cacheDir, ...quick });
  const compiled = await packExample(scratch, 'container-compiled');
  built = await buildImage([compiled], { base, lockPath, cacheDir, cwd: scratch, env });
}, 60_000);

afterAll(() => registry.close());

beforeEach(() => {
  registry.requests.length = 0;
  registry.intercept = () => false;
  registry.onChunk = () => {};
  registry.listsReferrers = true;
});

function push(name: string, options: Partial<Parameters<typeof pushImage>[2]> = {}) {
  return pushImage(built, parseReference(`${registry.host}/${name}`, '--tag'), { ...quick, ...options });
}

const fail = (response: ServerResponse, status: number, code = '', message = '') => {
  response.writeHead(status).end(JSON.stringify({ errors: [{ code, message }] }));
  return true;
};

test('everything is there before the tag, which comes last', async () => {
  const { image, digest, blobs } = await push('team/churn:1');
  expect(digest).toBe(built.top.digest);
  expect(image).toBe(`${registry.host}/team/churn@${digest}`);
  expect(registry.manifests.get('team/churn:1')!.bytes.equals(built.top.bytes)).toBe(true);
  const puts = registry.requests.filter(line => line.startsWith('PUT') && line.includes('/manifests/'));
  expect(puts.at(-1)).toBe('PUT /v2/team/churn/manifests/1');
  // Two images, a bill of materials of each, the index and the tag.
  expect(puts).toHaveLength(6);
  // The base's layers come from its repository in the same registry.
  expect(blobs.map(({ how }) => how).sort()).toEqual(['mounted', 'mounted', 'sent', 'sent', 'sent', 'sent']);
});

test('again: nothing is sent', async () => {
  await push('team/again:1');
  registry.requests.length = 0;
  const { sentBytes, blobs } = await push('team/again:1');
  expect([sentBytes, new Set(blobs.map(({ how }) => how))]).toEqual([0, new Set(['present'])]);
  expect(registry.requests.filter(line => /^(POST|PATCH)/.test(line))).toEqual([]);
});

const sbomType = 'application/vnd.cyclonedx+json';

test.each([true, false])(
  'a bill of materials refers to each image; the registry lists it: %s',
  async lists => {
    registry.listsReferrers = lists;
    const name = `team/sbom-${lists}`;
    const { sbom } = await push(`${name}:1`);
    expect(sbom).toBe('attached');
    const subjects = [];
    for (const [key, { bytes }] of registry.manifests) {
      const document = JSON.parse(bytes.toString());
      if (key.startsWith(`${name}@`) && document.artifactType === sbomType) {
        const text = registry.blobs.get(document.layers[0].digest)!.toString();
        expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBe(null);
        const names = JSON.parse(text).components.map((component: { name: string }) => component.name);
        expect(names).toEqual(expect.arrayContaining(['coldpress', `${registry.host}/bases/node:24`]));
        subjects.push(document.subject.digest);
      }
    }
    expect(subjects).toEqual(built.images.map(({ manifest }) => manifest.digest));
    const tags = subjects.map(digest => registry.manifests.get(`${name}:${digest.replace(':', '-')}`));
    const listed = tags.map(tag => tag && JSON.parse(tag.bytes.toString()).manifests[0].artifactType);
    expect(listed).toEqual(lists ? [undefined, undefined] : [sbomType, sbomType]);
  },
);

test('a registry that takes no such document gets the image, and the result says so', async () => {
  registry.intercept = async (request, response) => {
    const isPut = request.method === 'PUT' && request.url!.includes('/manifests/sha256:');
    const body = isPut ? await buffer(request) : undefined;
    if (body === undefined) {
      return false;
    }
    if (body.includes('"subject"')) {
      return fail(response, 400, 'MANIFEST_INVALID');
    }
    registry.manifests.set(`team/old@${sha256Of(body)}`, {
      bytes: body,
      type: request.headers['content-type']!,
    });
    response.writeHead(201, { 'docker-content-digest': sha256Of(body) }).end();
    return true;
  };
  expect((await push('team/old:1')).sbom).toBe('refused');
  expect(registry.manifests.has('team/old:1')).toBe(true);
});

test('another tag of the same image sends the tag alone', async () => {
  await push('team/tags:1');
  const { sentBytes } = await push('team/tags:2');
  expect(sentBytes).toBe(0);
  expect(registry.manifests.has('team/tags:2')).toBe(true);
});

test.each([503, 429])('retries a registry that answers %i with Retry-After', async status => {
  let left = 3;
  registry.intercept = (_, response) => {
    left -= 1;
    response.setHeader('retry-after', '0');
    return left >= 0 && fail(response, status);
  };
  await push(`team/busy-${status}:1`);
  expect(registry.manifests.has(`team/busy-${status}:1`)).toBe(true);
});

describe('a large blob', () => {
  const bytes = Buffer.alloc(40 * 2 ** 20, 'weights ');
  const path = join(scratch, 'large');
  const blob: Blob = { mediaType: 'application/x', digest: sha256Of(bytes), size: bytes.length, path };
  const open = (repository: string) =>
    openRegistry(
      parseReference(`${registry.host}/${repository}`, '--tag'),
      [`repository:${repository}:pull,push`],
      quick,
    );

  beforeAll(() => writeFileSync(path, bytes));
  beforeEach(() => {
    registry.blobs.delete(blob.digest);
    registry.linked.clear();
  });

  test('goes in chunks', async () => {
    await expect(uploadBlob(await open('a'), blob)).resolves.toBe('sent');
    expect(registry.requests.map(line => line.split(' ')[0])).toEqual([
      'HEAD',
      'POST',
      'PATCH',
      'PATCH',
      'PUT',
    ]);
    expect(registry.blobs.get(blob.digest)!.equals(bytes)).toBe(true);
  });

  test('is resumed where the connection broke', async () => {
    let cut = false;
    let received = 0;
    registry.onChunk = (bytes, request) => {
      received += bytes;
      if (!cut && received > 20 * 2 ** 20) {
        cut = true;
        request.socket.destroy();
      }
    };
    await expect(uploadBlob(await open('b'), blob)).resolves.toBe('sent');
    expect(registry.blobs.get(blob.digest)!.equals(bytes)).toBe(true);
    // The rest alone, but for a chunk whose arrival the registry may not have counted yet.
    expect(received).toBeLessThan(2 * bytes.length);
  });

  test('goes in one piece to a registry that takes no chunks', async () => {
    registry.intercept = (request, response) =>
      request.method === 'PATCH' && fail(response, 405, 'UNSUPPORTED');
    await expect(uploadBlob(await open('c'), blob)).resolves.toBe('sent');
    expect(registry.blobs.get(blob.digest)!.equals(bytes)).toBe(true);
  });

  test('that the registry forgot half of is sent anew', async () => {
    let lost = false;
    registry.intercept = (request, response) => {
      if (lost || !request.url!.includes('digest=')) {
        return false;
      }
      lost = true;
      return fail(response, 404, 'BLOB_UPLOAD_UNKNOWN');
    };
    await expect(uploadBlob(await open('d'), blob)).resolves.toBe('sent');
    expect(registry.blobs.get(blob.digest)!.equals(bytes)).toBe(true);
  });
});

type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;

const always =
  (status: number, code = '', message = ''): Intercept =>
  (_, response) =>
    fail(response, status, code, message);
const at =
  (pattern: RegExp, intercept: Intercept): Intercept =>
  (request, response) =>
    pattern.test(`${request.method} ${request.url}`) && intercept(request, response);
const other = `sha256:${'0'.repeat(64)}`;

test.each<[string, Intercept, string]>([
  ['no rights', always(403, 'DENIED'), 'REGISTRY_DENIED'],
  ['no credentials', always(401), 'REGISTRY_DENIED'],
  ['a read-only registry', at(/^POST/, always(405, 'UNSUPPORTED')), 'REGISTRY_DENIED'],
  ['no such repository', at(/^POST/, always(404, 'NAME_UNKNOWN')), 'REGISTRY_NOT_FOUND'],
  ['too many requests', always(429, 'TOOMANYREQUESTS'), 'REGISTRY_RATE_LIMITED'],
  ['a full disk', at(/^PUT/, always(500, 'UNKNOWN', 'write: no space left on device')), 'REGISTRY_FULL'],
  ['a quota', at(/^PUT/, always(403, 'DENIED', 'exceeds the upper limit of project quota')), 'REGISTRY_FULL'],
  ['no answer at all', (_, response) => !!response.destroy(), 'REGISTRY_UNREACHABLE'],
  [
    'an answer that is none',
    at(/^POST/, (_, response) => !!response.writeHead(202).end()),
    'REGISTRY_FAILED',
  ],
  [
    'another digest for a blob',
    at(/^HEAD .*blobs/, (_, response) => !!response.writeHead(200, { 'docker-content-digest': other }).end()),
    'REGISTRY_DIGEST',
  ],
  [
    'another size for a blob',
    at(/^HEAD .*blobs/, (_, response) => !!response.writeHead(200, { 'content-length': 3 }).end()),
    'REGISTRY_DIGEST',
  ],
  [
    'another digest for a manifest',
    at(
      /^PUT .*manifests/,
      (_, response) => !!response.writeHead(201, { 'docker-content-digest': other }).end(),
    ),
    'REGISTRY_DIGEST',
  ],
  [
    'another image under the tag after it was put',
    at(/^PUT .*manifests\/1$/, (_, response) => !!response.writeHead(201).end()),
    'REGISTRY_DIGEST',
  ],
  [
    'a tag that ECR does not replace',
    at(
      /^PUT .*manifests\/1$/,
      always(
        400,
        'TAG_INVALID',
        "The image tag '1' already exists and cannot be overwritten because the repository is immutable.",
      ),
    ),
    'TAG_IMMUTABLE',
  ],
  [
    'a tag that Harbor does not replace',
    at(/^PUT .*manifests\/1$/, always(412, 'PRECONDITION', 'configured as immutable, cannot be updated')),
    'TAG_IMMUTABLE',
  ],
])(
  'a registry with %s: one code, and no tag',
  async (name, intercept, code) => {
    registry.intercept = intercept;
    const repository = `refused/${name.replace(/\W+/g, '-').toLowerCase()}`;
    const failure = await push(`${repository}:1`).catch(error => error);
    expect(failure).toMatchObject({ name: 'ColdpressError', code, hint: expect.stringMatching(/./) });
    expect(failure.message).not.toContain('\n');
    expect(registry.manifests.has(`${repository}:1`)).toBe(false);
  },
  20_000,
);

test.each(Array.from({ length: 10 }, (_, index) => 2 * (index + 1)))(
  'cut at request %i and repeated: no tag before the end, and only what is missing is sent',
  async moment => {
    const repository = `cut/at-${moment}`;
    const stopping = new AbortController();
    let left = moment;
    registry.intercept = request => {
      left -= 1;
      if (left === 0) {
        stopping.abort(new Error('cut'));
        request.socket.destroy();
      }
      return left <= 0;
    };
    await expect(push(`${repository}:1`, { signal: stopping.signal })).rejects.toThrow('cut');
    expect(registry.manifests.has(`${repository}:1`)).toBe(false);
    registry.intercept = () => false;
    const had = new Set(registry.linked.get(repository));
    const { blobs } = await push(`${repository}:1`);
    expect(blobs).toHaveLength(6);
    expect(blobs.filter(({ digest, how }) => had.has(digest) && how !== 'present')).toEqual([]);
    expect(registry.manifests.has(`${repository}:1`)).toBe(true);
  },
);

describe('credentials', () => {
  /** An authorization server, and a registry that wants its tokens. */
  async function guarded(
    check: (authorization: string, body: string) => boolean,
    run: (realm: string) => Promise<void>,
  ) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push(request.url!);
        const isRight = check(request.headers.authorization ?? '', body);
        response.writeHead(isRight ? 200 : 401).end(JSON.stringify({ token: 'secret-token' }));
      });
    });
    const realm = `http://127.0.0.1:${await listen(server, 0)}/token`;
    registry.intercept = (request, response) => {
      if (request.headers.authorization === 'Bearer secret-token') {
        return false;
      }
      const challenge = `Bearer realm="${realm}",service="registry",scope="x"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return true;
    };
    try {
      await run(realm);
    } finally {
      await unlisten(server);
    }
    return asked;
  }

  const basic = `Basic ${Buffer.from('ada:pass:word').toString('base64')}`;
  function config(content: object): NodeJS.ProcessEnv {
    const dir = join(scratch, `docker-${Math.random()}`);
    mkdirSync(dir);
    writeFileSync(join(dir, 'config.json'), JSON.stringify(content));
    return { ...env, DOCKER_CONFIG: dir, PATH: `${join(scratch, 'bin')}${delimiter}${process.env.PATH}` };
  }
  function helper(name: string, script: string) {
    mkdirSync(join(scratch, 'bin'), { recursive: true });
    const path = join(scratch, 'bin', `docker-credential-${name}`);
    writeFileSync(path, `#!/bin/sh\nread server\n${script}\n`);
    chmodSync(path, 0o755);
  }

  test('of docker login get a token for both repositories', async () => {
    const auth = Buffer.from('ada:pass:word').toString('base64');
    const asked = await guarded(
      authorization => authorization === basic,
      async () => void (await push('guarded/a:1', { env: config({ auths: { [registry.host]: { auth } } }) })),
    );
    expect(asked).toHaveLength(1);
    const { searchParams } = new URL(asked[0]!, 'http://x');
    expect(searchParams.getAll('scope')).toEqual([
      'repository:guarded/a:pull,push',
      'repository:bases/node:pull',
    ]);
    expect(searchParams.get('service')).toBe('registry');
  });

  test.skipIf(process.platform === 'win32')('of a helper', async () => {
    helper('cloud', `echo "{\\"Username\\":\\"ada\\",\\"Secret\\":\\"pass:word\\"}"`);
    const own = config({ credHelpers: { [registry.host]: 'cloud' } });
    await guarded(
      authorization => authorization === basic,
      async () => void (await push('guarded/b:1', { env: own })),
    );
  });

  test.skipIf(process.platform === 'win32')('of a helper that has an identity token', async () => {
    helper('token', `echo "{\\"Username\\":\\"<token>\\",\\"Secret\\":\\"refresh\\"}"`);
    const own = config({ credsStore: 'token' });
    await guarded(
      (_, body) => new URLSearchParams(body).get('refresh_token') === 'refresh',
      async () => void (await push('guarded/c:1', { env: own })),
    );
  });

  test('go to nobody but the registry', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(201).end();
    });
    const port = await listen(server, 0);
    const auth = Buffer.from('ada:pass:word').toString('base64');
    registry.intercept = (request, response) => {
      if (request.headers.authorization !== basic) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        return true;
      }
      if (request.method === 'POST') {
        response.writeHead(202, { location: `http://127.0.0.1:${port}/elsewhere?a=b` }).end();
        return true;
      }
      return false;
    };
    const own = config({ auths: { [registry.host]: { auth } } });
    await push('guarded/d:1', { env: own }).catch(() => {});
    await unlisten(server);
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });

  test.each([
    ['a helper that is not installed', { credsStore: 'no-such-helper' }, 'CREDENTIAL_HELPER'],
    ['a helper with a path for a name', { credsStore: '../sh' }, 'CREDENTIAL_HELPER'],
    ['a config that is none', [], 'CREDENTIALS_INVALID'],
  ])('refused: %s', async (_, content, code) => {
    await expect(push('guarded/e:1', { env: config(content) })).rejects.toMatchObject({ code });
  });

  test('refused: a wrong password', async () => {
    const auth = Buffer.from('ada:wrong').toString('base64');
    await guarded(
      authorization => authorization === basic,
      async () => {
        const own = config({ auths: { [registry.host]: { auth } } });
        await expect(push('guarded/f:1', { env: own })).rejects.toMatchObject({ code: 'REGISTRY_DENIED' });
      },
    );
  });
});
