import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mediaTypes } from '../../lib/image/oci.ts';
import { freePort } from '../../lib/local/free-port.ts';
import { pack } from '../../lib/pack/pack.ts';
import { run } from '../cli/coldpress.ts';
import { makeRoot } from '../containers/make-root.ts';
import { arm64Machine, arm64Root, emulator } from '../packed/arm64-machine.ts';
import { ask, cases } from '../packed/contract-cases.ts';
import { example, makeScratch } from '../packed/pack-example.ts';
import { chroot, hasTools, pushRoot, runIn, startRegistry, until } from './real-registry.ts';

/**
 * One tag for two CPUs: pushed to Docker's registry, pulled by skopeo, unpacked by umoci, and started in a chroot, x64 by
 * this machine and arm64 by an emulator.
 */

const machine = hasTools
  ? arm64Machine(process.env)
  : 'docker-registry, skopeo, umoci, or the rights for chroot';
const scratch = makeScratch();
const env = { COLDPRESS_CACHE_DIR: join(scratch, 'cache') };
const tool = runIn(scratch);
const cpus = { amd64: 'x64', arm64: 'arm64' } as const;
type Cpu = keyof typeof cpus;
let registry: Awaited<ReturnType<typeof startRegistry>>;
let server: ChildProcess | undefined;

async function coldpress(...args: string[]) {
  const { code, stdout, stderr } = await run(args, { cwd: scratch, env });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

/** The base of both CPUs, as one tag. */
async function pushBase(): Promise<void> {
  const roots = { amd64: join(scratch, 'root-amd64'), arm64: join(scratch, 'root-arm64') };
  makeRoot(roots.amd64);
  mkdirSync(join(roots.arm64, 'usr/local/bin'), { recursive: true });
  mkdirSync(join(roots.arm64, 'tmp'));
  const sysroot = arm64Root(process.env)!;
  cpSync(join(sysroot, 'lib'), join(roots.arm64, 'lib'), { recursive: true, verbatimSymlinks: true });
  cpSync(join(sysroot, 'usr/lib'), join(roots.arm64, 'usr/lib'), { recursive: true, verbatimSymlinks: true });
  copyFileSync(join(sysroot, 'usr/bin/node'), join(roots.arm64, 'usr/local/bin/node'));
  const url = `http://${registry.host}/v2/base/node/manifests`;
  const manifests = [];
  for (const cpu of Object.keys(cpus) as Cpu[]) {
    pushRoot(scratch, roots[cpu], `${registry.host}/base/node:${cpu}`, cpu);
    const found = await fetch(`${url}/${cpu}`, { method: 'HEAD', headers: { accept: mediaTypes.manifest } });
    manifests.push({
      mediaType: mediaTypes.manifest,
      digest: found.headers.get('docker-content-digest'),
      size: Number(found.headers.get('content-length')),
      platform: { os: 'linux', architecture: cpu },
    });
  }
  const body = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests });
  const put = await fetch(`${url}/24`, {
    method: 'PUT',
    headers: { 'content-type': mediaTypes.index },
    body,
  });
  expect(put.status).toBe(201);
}

/** Starts the image of a CPU as its config says. */
async function startImage(name: string, cpu: Cpu): Promise<string> {
  const from = `docker://${registry.host}/${name}`;
  const place = `${name.replace(/\W/g, '-')}-${cpu}`;
  tool('skopeo', 'copy', '--override-arch', cpu, '--src-tls-verify=false', from, `oci:pulled:${place}`);
  tool('umoci', 'unpack', '--image', `pulled:${place}`, place);
  const root = join(scratch, place, 'rootfs');
  const { args, env: lines } = JSON.parse(readFileSync(join(scratch, place, 'config.json'), 'utf8')).process;
  const variables = Object.fromEntries(lines.map((line: string) => line.split(/=(.*)/s)));
  const [, ...rest] = args;
  const command = ['/usr/local/bin/node', ...rest];
  if (cpus[cpu] !== process.arch) {
    copyFileSync(execFileSync('which', [emulator], { encoding: 'utf8' }).trim(), join(root, emulator));
    command.unshift(`/${emulator}`);
  }
  const port = String(await freePort(0));
  server = spawn(chroot, ['--userspec=1000:1000', root, ...command], {
    env: { ...variables, PORT: port, COLDPRESS_LOCAL: '0' },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await until(`${url}/v2/health/live`, 2000);
  return url;
}

beforeAll(async () => {
  if (typeof machine === 'string') {
    return;
  }
  registry = await startRegistry(scratch);
  await pushBase();
  await coldpress('fetch', '--base', `${registry.host}/base/node:24`);
}, 300_000);

afterEach(() => void server?.kill('SIGKILL'));
afterAll(() => registry?.close());

test.for(['onnxruntime', 'compiled'] as const)(
  '%s: one tag has both CPUs, and each image answers the contract',
  { timeout: 600_000 },
  async (engine, { skip }) => {
    if (typeof machine === 'string') {
      return skip(machine);
    }
    // A compiled model is packed once for all CPUs.
    const archs = engine === 'compiled' ? (['x64'] as const) : (['x64', 'arm64'] as const);
    const dirs: string[] = [];
    for (const arch of archs) {
      dirs.push(join(scratch, `${engine}-${arch}`));
      await pack({ cwd: example, env: process.env, target: 'container', engine, arch, out: dirs.at(-1)! });
    }
    const name = `team/${engine}:1`;
    const base = `${registry.host}/base/node:24`;
    const tag = `${registry.host}/${name}`;
    const built = JSON.parse(
      await coldpress('image', ...dirs, '--base', base, '--tag', tag, '--push', '--json'),
    );
    const raw = tool('skopeo', 'inspect', '--raw', '--tls-verify=false', `docker://${tag}`);
    const { manifests } = JSON.parse(raw);
    expect(manifests.map((one: { platform: object }) => one.platform)).toEqual(
      Object.keys(cpus).map(architecture => expect.objectContaining({ os: 'linux', architecture })),
    );
    expect(built.images.map(({ digest }: { digest: string }) => digest)).toEqual(
      manifests.map(({ digest }: { digest: string }) => digest),
    );
    for (const cpu of Object.keys(cpus) as Cpu[]) {
      const url = await startImage(name, cpu);
      for (const one of cases) {
        const { status, body } = await ask(url, one);
        expect({ cpu, name: one.name, status }).toEqual({ cpu, name: one.name, status: one.status });
        expect(body).toMatch(one.says ?? /^/);
      }
      server?.kill('SIGKILL');
    }
  },
);
