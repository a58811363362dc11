import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildImage } from '../../lib/image/build.ts';
import { pushImage } from '../../lib/image/push.ts';
import { parseReference } from '../../lib/image/reference.ts';
import { freePort } from '../../lib/local/free-port.ts';
import { hostOf } from '../../lib/local/host.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { run, start } from '../cli/coldpress.ts';
import { makeRoot } from '../containers/make-root.ts';
import { expectAnswers, type Platform, platforms } from '../packed/container-platforms.ts';
import { ask, cases } from '../packed/contract-cases.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { chroot, hasTools, pushRoot, runIn, startRegistry, until } from './real-registry.ts';

/**
 * Images of the command line, in a real registry, read and run by tools of others. COLDPRESS_TEST_ROOT names the file
 * system of a base to take, as debootstrap makes one, with Node in it.
 */

const scratch = makeScratch();
const env = { COLDPRESS_CACHE_DIR: join(scratch, 'cache'), SOURCE_DATE_EPOCH: '1764000000' };
let host: string;
let registry: Awaited<ReturnType<typeof startRegistry>>;
const served: ServedArtifact[] = [];
const artifacts = {} as Record<'container' | 'container-compiled', string>;

const tool = runIn(scratch);

async function coldpress(...args: string[]) {
  const { code, stdout, stderr } = await run(args, { cwd: scratch, env });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

const image = (dir: string, name: string) => [
  'image',
  dir,
  '--base',
  `${host}/base/node:24`,
  '--tag',
  `${host}/${name}`,
  '--push',
  '--json',
];

describe.skipIf(!hasTools)('with skopeo, umoci and docker-registry', () => {
  beforeAll(async () => {
    registry = await startRegistry(scratch);
    host = registry.host;
    const root = process.env.COLDPRESS_TEST_ROOT ?? join(scratch, 'root');
    if (process.env.COLDPRESS_TEST_ROOT === undefined) {
      makeRoot(root);
    }
    pushRoot(scratch, root, `${host}/base/node:24`);
    await coldpress('fetch', '--base', `${host}/base/node:24`);
    for (const variant of ['container', 'container-compiled'] as const) {
      artifacts[variant] = await packExample(scratch, variant);
    }
    for (const variant of ['aws-lambda', 'gcf'] as const) {
      const dir = await packExample(scratch, variant);
      served.push(
        await serveArtifact(dir, { host: hostOf(process), port: 0, env: { COLDPRESS_LOCAL: '0' } }),
      );
    }
  }, 300_000);

  afterAll(async () => {
    registry.close();
    await Promise.all(served.map(one => one.close()));
  });

  describe.each(['container', 'container-compiled'] as const)('%s, in a chroot', variant => {
    let bundle: string;
    let server: ChildProcess | undefined;

    /** Starts the image as its config says, as a user without rights. */
    async function startServer({ port: name, env: own = {}, args = ['serve'] }: Partial<Platform> = {}) {
      const { process: started } = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
      expect(started.cwd).toBe('/app');
      const port = String(await freePort(0));
      const variables = Object.fromEntries(started.env.map((line: string) => line.split(/=(.*)/s)));
      server = spawn(chroot, ['--userspec=1000:1000', join(bundle, 'rootfs'), ...started.args, ...args], {
        env: { ...variables, ...own, [name ?? 'PORT']: port },
        stdio: 'ignore',
      });
      const url = `http://127.0.0.1:${port}`;
      await until(`${url}/v2/health/live`);
      return url;
    }

    beforeAll(async () => {
      const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
      const { digest } = JSON.parse(
        await coldpress(...image(artifacts[variant], `team/${variant}:1`), '--arch', arch),
      );
      const remote = `docker://${host}/team/${variant}:1`;
      const inspected = JSON.parse(tool('skopeo', 'inspect', '--tls-verify=false', remote));
      expect(inspected).toMatchObject({ Digest: digest, Created: '2025-11-24T16:00:00Z' });
      tool('skopeo', 'copy', '--src-tls-verify=false', remote, `oci:pulled:${variant}`);
      tool('umoci', 'unpack', '--image', `pulled:${variant}`, `bundle-${variant}`);
      bundle = join(scratch, `bundle-${variant}`);
    }, 60_000);

    afterEach(() => void server?.kill('SIGKILL'));

    test.each(platforms)('what $name expects', async platform => {
      await expectAnswers(await startServer(platform), platform);
    });

    test('the contract, as on AWS Lambda and Google, bit by bit', async () => {
      const url = await startServer({ env: { COLDPRESS_LOCAL: '0' } });
      for (const one of cases) {
        const answer = await ask(url, one);
        expect({ ...answer, name: one.name }).toMatchObject({ name: one.name, status: one.status });
        expect(answer.body).toMatch(one.says ?? /^/);
        if (one.differs === undefined) {
          for (const platform of served) {
            expect({ ...answer, name: one.name }).toEqual({
              ...(await ask(platform.url, one)),
              name: one.name,
            });
          }
        }
      }
    }, 60_000);
  });

  test('a layout is what skopeo and umoci read', async () => {
    const args = [
      'image',
      artifacts['container-compiled'],
      '--base',
      `${host}/base/node:24`,
      '--arch',
      process.arch,
    ];
    await coldpress(...args, '--out', 'layout', '--tag', 'churn:7');
    await coldpress(...args, '--out', 'layout.tar', '--tag', 'churn:7');
    const folder = JSON.parse(tool('skopeo', 'inspect', 'oci:layout:7'));
    const archive = JSON.parse(tool('skopeo', 'inspect', 'oci-archive:layout.tar:7'));
    expect(archive.Digest).toBe(folder.Digest);
    expect(tool('umoci', 'list', '--layout', 'layout')).toBe('7\n');
    // What `docker load` reads.
    const loaded = JSON.parse(tool('skopeo', 'inspect', 'docker-archive:layout.tar'));
    expect(loaded.Layers).toHaveLength(folder.Layers.length);
  });

  test('a push killed at ten moments has no tag before its end, and the next sends only what is missing', async () => {
    const dir = artifacts.container;
    const built = await buildImage([dir], {
      base: `${host}/base/node:24`,
      cwd: scratch,
      cacheDir: env.COLDPRESS_CACHE_DIR,
      lockPath: join(scratch, 'coldpress.lock.json'),
      env: { ...process.env, ...env },
    });
    const digests = built.images[0]!.blobs.map(({ digest }) => digest);
    const startedMs = performance.now();
    await coldpress(...image(dir, 'killed/whole:1'));
    const wholeMs = performance.now() - startedMs;
    for (let moment = 1; moment <= 10; moment += 1) {
      const name = `killed/at-${moment}`;
      const { child, ended } = start(image(dir, `${name}:1`), { cwd: scratch, env });
      await Promise.race([ended, sleep((wholeMs * moment) / 11)]);
      child.kill('SIGKILL');
      await ended;
      const tagged = await digestOf(name);
      const found = await Promise.all(digests.map(digest => hasBlob(name, digest)));
      const had = digests.filter((_, at) => found[at]);
      if (tagged !== null) {
        expect([tagged, had]).toEqual([built.top.digest, digests]);
      }
      const reference = parseReference(`${host}/${name}:1`, '--tag');
      const { blobs } = await pushImage(built, reference, { env, signal: new AbortController().signal });
      expect(blobs.filter(({ digest, how }) => had.includes(digest) && how !== 'present')).toEqual([]);
      expect(await digestOf(name)).toBe(built.top.digest);
    }
  }, 300_000);
});

async function hasBlob(name: string, digest: string): Promise<boolean> {
  return (await fetch(`http://${host}/v2/${name}/blobs/${digest}`, { method: 'HEAD' })).ok;
}

async function digestOf(name: string): Promise<string | null> {
  const response = await fetch(`http://${host}/v2/${name}/manifests/1`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  return response.headers.get('docker-content-digest');
}
