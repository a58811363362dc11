import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../lib/local/free-port.ts';
import { hostOf } from '../../lib/local/host.ts';
import { invokeOnce } from '../../lib/local/invoke.ts';
import { listen, unlisten } from '../../lib/local/listen.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { type ServerProcess, startServerProcess } from '../../lib/local/server-process.ts';
import { expectAnswers, type Platform, platforms } from './container-platforms.ts';
import { example, makeScratch, packExample } from './pack-example.ts';
import { post } from './post.ts';

/** What each platform expects of a container, from the packed server as a process of its own. */

const record = JSON.parse(readFileSync(join(example, 'record.json'), 'utf8'));
const request = JSON.parse(readFileSync(join(example, 'request.json'), 'utf8'));
const scratch = makeScratch();
let folder: string;

beforeAll(async () => {
  folder = join(await packExample(scratch, 'container-compiled'), 'function');
}, 60_000);

type Started = ServerProcess & { log(): string };

async function start({ port, env, args = [] }: Pick<Platform, 'port' | 'env' | 'args'>): Promise<Started> {
  const number = String(await freePort(0));
  let log = '';
  const server = await startServerProcess({
    command: [process.execPath, 'index.mjs', ...args],
    cwd: folder,
    // `PORT` last where it is the port: it is where the process is waited for.
    env: { COLDPRESS_HOST: '127.0.0.1', ...env, [port]: number, ...(port !== 'PORT' && { PORT: number }) },
    onLog: text => {
      log += text;
    },
    startLimitMs: 30_000,
  });
  return { ...server, log: () => log };
}

describe.each(platforms)('$name', platform => {
  test('routes, shutdown', async () => {
    const server = await start(platform);
    try {
      await expectAnswers(server.url, platform);
      process.kill(server.pid, 'SIGTERM');
      await expect.poll(async () => (await fetch(`${server.url}/v2/health/ready`)).status).toBe(503);
      const late = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(record),
      });
      expect(late.status).toBe(200);
      expect(late.headers.get('connection')).toBe('close');
      await late.text();
    } finally {
      if (platform.env?.KUBERNETES_SERVICE_HOST !== undefined) {
        // It would stay for the requests that are still routed to it.
        process.kill(server.pid, 'SIGINT');
      }
      expect(await server.exited).toEqual({ code: 0, signal: null });
    }
  }, 30_000);
});

test('each scored request leaves one line of its platform, and probes none', async () => {
  const server = await start({ port: 'SAGEMAKER_BIND_TO_PORT', args: ['serve'] });
  await fetch(`${server.url}/ping`);
  await fetch(`${server.url}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'first'.repeat(1000) },
    body: JSON.stringify(record),
  });
  await server.stop();
  const lines = server.log().trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    _aws: {},
    requestId: 'first'.repeat(40),
    records: 1,
    cold: 1,
  });
});

test.each([
  { about: 'another argument', args: ['train'], env: {}, says: /"train"/ },
  { about: 'no port', args: [], env: { PORT: 'x' }, says: /PORT is "x"/ },
])('$about: one line, and it ends', async ({ args, env, says }) => {
  const child = spawn(process.execPath, ['index.mjs', ...args], { cwd: folder, env });
  const [log, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(code).toBe(1);
  expect(log).toMatch(says);
  expect(log.trim().split('\n')).toHaveLength(1);
});

test('a port that is taken: one line, and it ends', async () => {
  const other = createServer();
  const port = await listen(other, 0);
  try {
    const env = { PORT: String(port), COLDPRESS_HOST: '127.0.0.1' };
    const child = spawn(process.execPath, ['index.mjs'], { cwd: folder, env });
    const [log, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(1);
    expect(log).toMatch(/EADDRINUSE/);
    expect(log.trim().split('\n')).toHaveLength(1);
  } finally {
    await unlisten(other);
  }
});

test('it writes no file, and its engine sends no telemetry, for which it would write some', async () => {
  const home = join(scratch, 'home');
  mkdirSync(home);
  const [major] = process.versions.node.split('.').map(Number);
  const server = await startServerProcess({
    command: [
      process.execPath,
      ...['--permission', '--allow-fs-read=*', '--allow-addons', ...(major! > 24 ? ['--allow-net'] : [])],
      'index.mjs',
    ],
    cwd: join(await packExample(scratch, 'container'), 'function'),
    env: { COLDPRESS_HOST: '127.0.0.1', PORT: String(await freePort(0)), HOME: home, TMPDIR: home },
    onLog: () => {},
    startLimitMs: 30_000,
  });
  const { status } = await post(server.url, JSON.stringify(record), new Agent());
  await server.stop();
  expect(status).toBe(200);
  expect(readdirSync(home)).toEqual([]);
}, 60_000);

test('a client that leaves in the middle of its body costs nothing', async () => {
  const server = await start({ port: 'PORT' });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a"',
  );
  await sleep(50);
  socket.destroy();
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(record),
  });
  expect(response.status).toBe(200);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
});

test('nothing is lost at SIGTERM: 10,000 requests of 64 clients, every one scored', async () => {
  const server = await start({ port: 'PORT' });
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const body = JSON.stringify(record);
  const counts = new Map<number | string, number>();
  let left = 10_000;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const status = await post(server.url, body, agent).then(
        answer => answer.status,
        error => String(error),
      );
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  const load = Promise.all(Array.from({ length: 64 }, client));
  // The last thousand come to an instance that is ending.
  while (left > 1000) {
    await sleep(5);
  }
  process.kill(server.pid, 'SIGTERM');
  await load;
  expect([...counts]).toEqual([[200, 10_000]]);
  expect(await server.exited).toEqual({ code: 0, signal: null });
  agent.destroy();
}, 120_000);

test('the artifact has no archive: its files become layers', () => {
  expect(existsSync(`${folder}.zip`)).toBe(false);
});

describe('invoke and serve', () => {
  const options = { host: hostOf(process) };
  const dir = join(scratch, 'container-compiled');

  test('answer an inference request, cold', async () => {
    const result = await invokeOnce(dir, { ...options, input: JSON.stringify(request) });
    expect(result).toMatchObject({
      statusCode: 200,
      runtimeClient: 'node:http',
      answer: { model_name: 'breast-cancer' },
    });
    expect(result.phases.inside.map(({ name }) => name)).toEqual(['boot', 'model', 'first']);
  });

  test('take the variables of a platform', async () => {
    const env = { AIP_HTTP_PORT: '8080', AIP_HEALTH_ROUTE: '/health', AIP_PREDICT_ROUTE: '/predict' };
    const served = await serveArtifact(dir, { ...options, port: 0, env });
    const response = await fetch(`${served.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ instances: [record] }),
    });
    expect(await response.json()).toMatchObject({ predictions: [{ label: 'malignant' }] });
    await served.close();
  });

  test.each([{ event: '{}' }, { memoryMb: 512 }, { timeoutSeconds: 5 }])('refuse %o', async refused => {
    await expect(invokeOnce(dir, { ...options, ...refused })).rejects.toMatchObject({
      code: 'OPTION_CONFLICT',
    });
  });
});
