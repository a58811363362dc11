import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveHosts } from '../../lib/local/hosts.ts';
import { type Admission, refuseForeign } from '../../lib/local/refuse-foreign.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { rawRequest } from './raw-request.ts';
import { host, tinyArtifact } from './tiny-artifact.ts';

const invoke = '/2015-03-31/functions/tiny/invocations';
const local = 'localhost:9000';
const evil = 'http://evil.example';

interface Case {
  name: string;
  url?: string;
  headers: Record<string, string>;
  /** The status of the refusal; none where the request is answered. */
  refused?: number;
  hosts?: string[];
  origins?: string[];
}

const cases: Case[] = [
  { name: 'localhost', headers: { host: local } },
  { name: 'localhost in capitals, without a port', headers: { host: 'LOCALHOST' } },
  { name: '127.0.0.1', headers: { host: '127.0.0.1:9000' } },
  { name: 'IPv6', headers: { host: '[::1]:9000' } },
  { name: 'no host', headers: {}, refused: 403 },
  { name: 'another host', headers: { host: 'evil.example:9000' }, refused: 403 },
  { name: 'a host that begins as one of ours', headers: { host: 'localhost.evil.example' }, refused: 403 },
  { name: 'a user before the host', headers: { host: 'localhost@evil.example' }, refused: 403 },
  { name: 'another address', headers: { host: '10.0.0.1:9000' }, refused: 403 },
  { name: 'the address of every interface', headers: { host: '0.0.0.0:9000' }, refused: 403 },
  { name: 'a name that --host gave', headers: { host: 'box.lan:9000' }, hosts: ['box.lan'] },
  { name: 'an address where it listens on one', headers: { host: '10.0.0.1:9000' }, hosts: ['0.0.0.0'] },
  {
    name: 'a name where it listens on an address',
    headers: { host: 'a.example' },
    hosts: ['0.0.0.0'],
    refused: 403,
  },
  { name: 'an absolute target', url: 'http://evil.example/', headers: { host: local }, refused: 400 },
  { name: 'an asterisk', url: '*', headers: { host: local }, refused: 400 },
  { name: 'a path that begins as a host', url: '//evil.example/', headers: { host: local } },
  { name: 'a page of another local server', headers: { host: local, origin: 'http://localhost:3000' } },
  { name: 'a page of another site', headers: { host: local, origin: evil }, refused: 403 },
  { name: 'a page without an origin of its own', headers: { host: local, origin: 'null' }, refused: 403 },
  { name: 'a page that the config names', headers: { host: local, origin: evil }, origins: [evil] },
  { name: 'any page where the config says so', headers: { host: local, origin: evil }, origins: ['*'] },
  {
    name: 'an image of a page of another site',
    headers: { host: local, 'sec-fetch-site': 'cross-site' },
    refused: 403,
  },
  ...['/_coldpress/', '/_coldpress/health', invoke].flatMap((url): Case[] => [
    { name: `${url}: a tool`, url, headers: { host: local } },
    {
      name: `${url}: its own page`,
      url,
      headers: { host: local, origin: `http://${local}`, 'sec-fetch-site': 'same-origin' },
    },
    { name: `${url}: the address bar`, url, headers: { host: local, 'sec-fetch-site': 'none' } },
    {
      name: `${url}: another site`,
      url,
      headers: { host: local, origin: evil },
      origins: ['*'],
      refused: 403,
    },
    {
      name: `${url}: another port`,
      url,
      headers: { host: local, origin: 'http://localhost:3000' },
      refused: 403,
    },
    {
      name: `${url}: a link of another site`,
      url,
      headers: { host: local, 'sec-fetch-site': 'cross-site' },
      refused: 403,
    },
  ]),
];

test.each(cases)('$name', ({ url = '/', headers, refused, hosts, origins = [] }) => {
  const admission: Admission = { hosts: resolveHosts(hosts), origins };
  expect(refuseForeign({ url, headers }, admission)?.status).toBe(refused);
});

test.each([[['http://x']], [['a:1']], [['']], [['127.0.0.1', '::1']]])('--host %j is refused', hosts => {
  expect(() => resolveHosts(hosts)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

describe('a served function', () => {
  let served: ServedArtifact;

  beforeAll(async () => {
    const source = `export const handler = async event => event.rawPath ?? 'invoked';`;
    served = await serveArtifact(await tinyArtifact(source), { host, port: 0 });
  });
  afterAll(() => served.close());

  const targets = ['//', '//evil.example/x', '/%', '/?', '/%00', '/\u00ff', invoke.replace('tiny', '%')];

  test.each(targets)('answers %j and stays up', async target => {
    const { status } = await rawRequest(served.url, { target, headers: { connection: 'close' } });
    expect(status).toBeLessThan(500);
    expect((await fetch(served.url)).status).toBe(200);
  });

  test('answers no name but its own', async () => {
    for (const target of ['/', '/_coldpress/', invoke]) {
      const { status } = await rawRequest(served.url, { target, headers: { host: 'evil.example' } });
      expect(status).toBe(403);
    }
  });

  test('keeps the connection for the next request, and ends it when asked', async () => {
    const { port } = new URL(served.url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const head = `Host: ${local}\r\n`;
    const next = ['', '', '', 'Connection: close\r\n'].map(more => `GET / HTTP/1.1\r\n${head}${more}\r\n`);
    socket.write(next.join(''));
    const answers = await text(socket);
    expect(answers.match(/HTTP\/1.1 200/g)).toHaveLength(4);
    expect(answers.match(/Connection: keep-alive/g)).toHaveLength(3);
  });
});
