import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { pack } from '../../lib/pack/pack.ts';
import { example, makeScratch } from './pack-example.ts';

/** A CloudEvent as Eventarc delivers it, or the body of a Pub/Sub push, and what comes of it. */
interface Golden {
  event: { specversion?: string };
  expected: { status: number; source: string; records: number; failures: number; skipped?: number };
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const events = fileURLToPath(new URL('events-google', import.meta.url));
const uploaded = 'in/new day+1.csv';
const rows = readFileSync(join(example, 'samples.csv'), 'utf8').split('\n').slice(0, 4).join('\n');
const config = `export default {
  name: 'breast-cancer',
  model: './model.onnx',
  score: './score.ts',
  events: { objects: { store: 'gcs' } },
};`;

let storage: Server;
let served: ServedArtifact;
let log = '';
/** What was written to the bucket. */
let written: { name: string; text: string }[] = [];
const scratch = makeScratch();

beforeAll(async () => {
  const project = join(scratch, 'project');
  cpSync(example, project, { recursive: true });
  cpSync(join(root, 'node_modules/valibot'), join(project, 'node_modules/valibot'), { recursive: true });
  writeFileSync(join(project, 'coldpress.config.ts'), config);
  const out = join(scratch, 'out');
  await pack({ cwd: project, env: process.env, target: 'gcf', arch: 'x64', out });
  storage = createServer(answerStorage);
  await new Promise<void>(resolve => storage.listen(0, '127.0.0.1', resolve));
  const { port } = storage.address() as { port: number };
  served = await serveArtifact(out, {
    host: hostOf(process),
    port: 0,
    signature: 'cloudevent',
    env: { STORAGE_EMULATOR_HOST: `127.0.0.1:${port}` },
    onLog: text => {
      log += text;
    },
  });
}, 60_000);

afterAll(async () => {
  await served?.close();
  storage?.close();
});

beforeEach(() => {
  log = '';
  written = [];
});

/** One object to read, and uploads that end in one part. https://cloud.google.com/storage/docs/json_api/v1/objects */
async function answerStorage(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url!, `http://${request.headers.host}`);
  const body = await readText(request);
  if (request.method === 'POST') {
    const session = `http://${request.headers.host}/session?name=${encodeURIComponent(JSON.parse(body).name)}`;
    response.writeHead(200, { location: session }).end();
  } else if (request.method === 'PUT') {
    written.push({ name: searchParams.get('name')!, text: body });
    response.end('{}');
  } else if (!decodeURIComponent(pathname).endsWith(`/b/sample-bucket/o/${uploaded}`)) {
    response.writeHead(404).end();
  } else if (searchParams.get('alt') === 'json') {
    response.end(JSON.stringify({ size: String(rows.length) }));
  } else {
    response.end(rows);
  }
}

function readGolden(file: string): Golden {
  return JSON.parse(readFileSync(join(events, file), 'utf8'));
}

const logLine = /^\{"severity".*\}$/m;

/** Delivers an event; gives the status, and the line that it left in the log. */
async function deliver({ event }: Golden) {
  const type = event.specversion === undefined ? 'application/json' : 'application/cloudevents+json';
  const response = await fetch(served.url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(event),
  });
  await response.arrayBuffer();
  await expect.poll(() => log).toMatch(logLine);
  return { status: response.status, line: JSON.parse(logLine.exec(log)![0]) };
}

test.each(readdirSync(events))('%s', async file => {
  const golden = readGolden(file);
  const { status, line } = await deliver(golden);
  const { source, records, failures, skipped, model, modelSha256, severity } = line;
  expect({ status, source, records, failures, skipped }, log).toEqual(golden.expected);
  expect({ model, severity }).toEqual({
    model: 'breast-cancer',
    severity: status === 204 ? 'INFO' : 'ERROR',
  });
  expect(modelSha256).toMatch(/^[0-9a-f]{64}$/);
});

test.each(['cloud-storage.json', 'pubsub-storage.json'])(
  '%s: the results lie beside the object',
  async file => {
    await deliver(readGolden(file));
    expect(written.map(({ name }) => name)).toEqual([`scored/${uploaded}.csv`]);
    const lines = written[0]!.text.trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^1,(malignant|benign),/);
  },
);
