import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folder, run } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';
import { selfSigned } from './self-signed.ts';

const cwd = folder('tls');
const ca = join(cwd, 'ca.pem');
const { key, cert } = selfSigned();
let asked: string[] = [];

const plain = createServer((request, response) => {
  asked.push(`http ${request.url}`);
  response.end(doubling());
});
const secure = createTlsServer({ key, cert }, (request, response) => {
  asked.push(`https ${request.url}`);
  const locations: Record<string, string> = {
    '/to-http.onnx': `http://localhost:${portOf(plain)}/model.onnx`,
    '/twice.onnx': '/to-http.onnx',
    '/to-https.onnx': '/model.onnx',
  };
  const location = locations[request.url!];
  response.writeHead(location === undefined ? 200 : 302, location === undefined ? {} : { location });
  response.end(location === undefined ? doubling() : undefined);
});

const portOf = (server: typeof plain | typeof secure) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  writeFileSync(ca, cert);
  for (const server of [plain, secure]) {
    server.listen(0, 'localhost');
    await once(server, 'listening');
  }
});

afterAll(() => {
  plain.close();
  secure.close();
});

function fetchIt(path: string) {
  asked = [];
  const env = { NODE_EXTRA_CA_CERTS: ca, COLDPRESS_CACHE_DIR: join(cwd, 'cache') };
  return run(['fetch', `https://localhost:${portOf(secure)}${path}`], { cwd, env });
}

test.each([
  ['/model.onnx', ['https /model.onnx']],
  ['/to-https.onnx', ['https /to-https.onnx', 'https /model.onnx']],
])('%s is fetched by TLS', async (path, expected) => {
  const { code, stderr } = await fetchIt(path);
  expect(code, stderr).toBe(0);
  expect(asked).toEqual(expected);
});

test.each([
  ['/to-http.onnx', ['https /to-http.onnx']],
  ['/twice.onnx', ['https /twice.onnx', 'https /to-http.onnx']],
])('%s, which leads to http, is refused before anyone is asked by it', async (path, expected) => {
  const { code, stderr } = await fetchIt(path);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^MODEL_FETCH_FAILED: .*without TLS/);
  expect(asked).toEqual(expected);
});
