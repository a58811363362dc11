import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../lib/local/free-port.ts';
import { run } from '../cli/coldpress.ts';
import { example, makeScratch, packExample } from '../packed/pack-example.ts';
import { makeRoot } from './make-root.ts';

/** Builds the emitted Dockerfile and runs the image, where there are buildah and the rights that it needs. */

const hasBuildah = process.getuid?.() === 0 && spawnSync('buildah', ['--version']).status === 0;
const scratch = makeScratch();

function buildah(...args: string[]): string {
  const storage = [
    ...['--root', join(scratch, 'storage'), '--runroot', join(scratch, 'run')],
    ...['--storage-driver', 'vfs'],
  ];
  return execFileSync('buildah', [...storage, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** In place of Node's image, which is not here. */
function makeBase(tag: string): void {
  const container = buildah('from', 'scratch');
  const root = join(scratch, 'base');
  makeRoot(root);
  buildah('copy', container, root, '/');
  buildah('config', '--env', 'PATH=/usr/local/bin', container);
  buildah('commit', container, tag);
  buildah('rm', container);
}

test.skipIf(!hasBuildah)(
  'the Dockerfile builds, and its image answers as SageMaker starts it, as another user',
  async () => {
    const dir = await packExample(scratch, 'container');
    const { stdout } = await run(['deploy', dir, '--target', 'container', '--emit', 'dockerfile']);
    writeFileSync(join(scratch, 'Dockerfile'), stdout);
    makeBase(/node:\S+/.exec(stdout)![0]);
    buildah('bud', '--isolation', 'chroot', '--file', join(scratch, 'Dockerfile'), '--tag', 'packed', dir);
    const container = buildah('from', 'packed');
    const { config } = JSON.parse(buildah('inspect', container)).OCIv1;
    expect(config.Entrypoint).toEqual(['node', '/app/index.mjs']);

    const port = String(await freePort(0));
    const server = spawn(
      'buildah',
      [
        ...['--root', join(scratch, 'storage'), '--runroot', join(scratch, 'run'), '--storage-driver', 'vfs'],
        ...['run', '--isolation', 'chroot', '--user', '1000', '--env', `PORT=${port}`, container, '--'],
        ...[...config.Entrypoint, 'serve'],
      ],
      { stdio: 'ignore', detached: true },
    );
    try {
      const url = `http://127.0.0.1:${port}`;
      const ready = () =>
        fetch(`${url}/ping`).then(
          response => response.status,
          () => 0,
        );
      await expect.poll(ready, { timeout: 20_000 }).toBe(200);
      const body = readFileSync(join(example, 'record.json'));
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/invocations`, { method: 'POST', headers, body });
      expect(await answer.json()).toMatchObject({ label: 'malignant' });
    } finally {
      process.kill(-server.pid!, 'SIGKILL');
    }
  },
  120_000,
);
