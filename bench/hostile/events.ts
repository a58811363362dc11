import { readdirSync, readFileSync } from 'node:fs';
import { toFunctionUrlEvent } from '../../lib/local/function-url.ts';
import { type Dice, startDice } from './dice.ts';
import { mutateJson } from './mutate-json.ts';
import type { HostileRequest } from './requests.ts';

/** Events of each AWS source, from the tests. */
const folder = new URL('../../test/packed/events/', import.meta.url);
const events: [name: string, event: object][] = readdirSync(folder).map(file => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(new URL(file, folder), 'utf8')).event,
]);

export interface HostileEvent {
  kind: string;
  payload: Buffer;
}

/**
 * Lambda payloads: the requests as each service would deliver them, often broken, and broken events of all other kinds.
 */
export function* hostileEvents(
  requests: Iterator<HostileRequest, unknown>,
  random: () => number,
): Generator<HostileEvent> {
  const dice = startDice(random);
  for (;;) {
    const request = requests.next().value as HostileRequest;
    const kind = dice.pick(['url', 'url', 'url', 'url', 'broken', 'source', 'source', 'direct']);
    // Payloads of megabytes are parsed by the runtime client; only the cost of a body is of interest here.
    yield kind === 'url' || request.kind.startsWith('large')
      ? event(request.kind, urlEvent(request))
      : makers[kind as keyof typeof makers](request, dice);
  }
}

const makers = {
  broken(request: HostileRequest, dice: Dice): HostileEvent {
    const [name, make] = dice.pick(Object.entries(services));
    const root = { event: make(request) };
    for (let times = 1 + dice.below(3); times > 0; times--) {
      mutateJson(root, dice);
    }
    return event(`${name}, broken`, root.event);
  },
  source(_: HostileRequest, dice: Dice): HostileEvent {
    const [name, good] = dice.pick(events);
    const root = { event: structuredClone(good) };
    for (let times = 1 + dice.below(4); times > 0; times--) {
      mutateJson(root, dice);
    }
    return event(`${name}, broken`, root.event);
  },
  direct({ kind, body }: HostileRequest, dice: Dice): HostileEvent {
    const text = body.toString();
    // Lambda itself rejects payloads that are not JSON.
    return {
      kind: `direct: ${kind}`,
      payload: isJson(text) ? body : Buffer.from(dice.pick(['null', '""', '[]', '0'])),
    };
  },
};

function event(kind: string, content: unknown): HostileEvent {
  return { kind, payload: Buffer.from(JSON.stringify(content) ?? 'null') };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function urlEvent({ method, path, headers, body }: HostileRequest) {
  return toFunctionUrlEvent({ method, url: path, headers, body, sourceIp: '127.0.0.1', now: new Date(0) });
}

function restEvent({ method, path, headers, body }: HostileRequest) {
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: { stage: 'prod', httpMethod: method },
    body: body.toString('base64'),
    isBase64Encoded: true,
  };
}

const services: Record<string, (request: HostileRequest) => object> = {
  'Function URL': urlEvent,
  'REST API': restEvent,
  ALB: request => ({
    ...restEvent(request),
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/a/b' } },
  }),
  Lattice: ({ method, path, headers, body }) => ({
    version: '2.0',
    path,
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: { serviceNetworkArn: 'arn', serviceArn: 'arn', targetGroupArn: 'arn', timeEpoch: '1' },
    body: body.toString(),
    isBase64Encoded: false,
  }),
};
