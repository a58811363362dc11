import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openArtifact } from '../../lib/artifact.ts';
import type { Manifest } from '../../lib/contract/manifest.ts';
import { startGcf } from '../../lib/local/gcf/start.ts';
import { hostOf } from '../../lib/local/host.ts';
import { startLambda } from '../../lib/local/lambda.ts';
import { defaultMemoryMb, heapLimitMb } from '../../lib/targets/gcf/memory.ts';
import { hostileEvents } from './events.ts';
import { hostileRequests, type RequestOptions } from './requests.ts';

/** The answer to a request. */
export interface Answer {
  kind: string;
  ms: number;
  /** HTTP status; `refused` if an event was rejected with a coldpress error. */
  outcome: number | 'ok' | 'refused' | 'no answer';
  /** The fault of the answer, independent of the request. */
  fault?: string;
}

export interface Blocked {
  /** CPU time of the event loop's thread. */
  blockedMs: number;
  blockedWallMs: number;
}

export interface Memory {
  residentMb: number;
  heldMb: number;
}

/** A running packed function that receives requests without end. */
export interface AttackedFunction {
  manifest: Manifest;
  /** Sends the next request of the seed; repeats the last one if `again` is set. */
  next(again?: boolean): Promise<Answer>;
  /** The longest time that the event loop was blocked since the last call. */
  blocked(): Promise<Blocked>;
  memory(): Promise<Memory>;
  /** Returns the output since the last call. */
  takeLog(): string;
  close(): Promise<void>;
}

export interface AttackOptions extends Omit<RequestOptions, 'mostBytes'> {
  dir: string;
  /** Folder for a socket. */
  scratch: string;
  /** Memory of a function on Google. @default as `coldpress deploy` sets it */
  memoryMb?: number | undefined;
}

const preload = fileURLToPath(new URL('watch.cjs', import.meta.url));
/**
 * Makes glibc return freed memory at once. By default it keeps a varying number of tens of megabytes for the next large
 * body, which is not growth, but would hide it.
 */
const returnsMemory = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
const vertex = { AIP_PREDICT_ROUTE: '/vertex', AIP_HEALTH_ROUTE: '/vertex-health' };

/** Lambda's payload limit; base64 makes a body larger by a third. */
const lambdaBytes = 6_000_000;
const lambdaText = 5_600_000;
/** Cloud Run's limit of a body. */
const gcfBytes = 32_500_000;

/** Attacks a function under AWS's runtime client, if that is installed. */
export async function attackLambda({ dir, scratch, ...options }: AttackOptions): Promise<AttackedFunction> {
  const socket = join(scratch, 'lambda.sock');
  const log = logOf();
  const lambda = await startLambda(dir, {
    host: hostOf(process),
    env: {
      ...returnsMemory,
      ...vertex,
      COLDPRESS_WATCH: socket,
      NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
    },
    onLog: log.add,
  });
  await lambda.init();
  const requests = hostileRequests(lambda.manifest, { ...options, mostBytes: lambdaText });
  const events = hostileEvents(requests, options.random);
  let current = events.next().value!;
  return {
    manifest: lambda.manifest,
    async next(again = false) {
      if (!again) {
        do {
          current = events.next().value!;
        } while (current.payload.length > lambdaBytes);
      }
      const start = performance.now();
      const { payload, functionError, report } = await lambda.invoke(current.payload);
      const ms = performance.now() - start;
      const answer = JSON.parse(payload.toString());
      return { kind: current.kind, ms, ...judgeInvocation(answer, functionError, report.status) };
    },
    ...watcher(socket),
    takeLog: log.take,
    close: lambda.close,
  };
}

function judgeInvocation(
  answer: { statusCode?: unknown; errorType?: string; errorMessage?: string } | null,
  functionError: string | undefined,
  status: string | undefined,
): Pick<Answer, 'outcome' | 'fault'> {
  if (functionError === undefined) {
    return typeof answer?.statusCode === 'number' ? judgeStatus(answer.statusCode, '') : { outcome: 'ok' };
  }
  const fault = `${answer?.errorType}: ${answer?.errorMessage?.slice(0, 200)}`;
  if (status !== undefined) {
    return { outcome: 'no answer', fault };
  }
  // An event that cannot be answered partially fails with an `Error` that lists its records.
  const isMeant = ['RequestError', 'Error', 'TooManyRecordsFailed'].includes(answer?.errorType ?? '');
  return isMeant && !/\b(Type|Range|Syntax|Reference|URI)Error\b/.test(fault)
    ? { outcome: 'refused' }
    : { outcome: 'refused', fault };
}

function judgeStatus(status: number, body: string): Pick<Answer, 'outcome' | 'fault'> {
  return status >= 500 && status !== 503
    ? { outcome: status, fault: `${status} ${body.slice(0, 200)}` }
    : { outcome: status };
}

/** Attacks a function under Google's functions framework. */
export async function attackGcf({
  dir,
  scratch,
  memoryMb,
  ...options
}: AttackOptions): Promise<AttackedFunction> {
  const socket = join(scratch, 'gcf.sock');
  const log = logOf();
  const { manifest } = openArtifact(dir, { target: 'gcf' });
  const heapMb = heapLimitMb(manifest, memoryMb ?? defaultMemoryMb(manifest));
  const start = () =>
    startGcf(dir, {
      host: hostOf(process),
      port: 0,
      signature: 'http',
      memoryMb,
      env: {
        ...returnsMemory,
        ...vertex,
        COLDPRESS_WATCH: socket,
        NODE_OPTIONS: `--max-old-space-size=${heapMb} --require ${JSON.stringify(preload)}`,
      },
      onLog: log.add,
    });
  let fn = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const requests = hostileRequests(manifest, { ...options, mostBytes: gcfBytes });
  let current = requests.next().value!;
  return {
    manifest,
    async next(again = false) {
      current = again ? current : requests.next().value!;
      const begun = performance.now();
      const judged = await send(fn.instance.url, current, agent).catch(async (error: Error) => {
        // Ends the function if it only closed the connection.
        await fn.close();
        fn = await start();
        return { outcome: 'no answer' as const, fault: `${error}: ${log.take().slice(-500)}` };
      });
      return { kind: current.kind, ms: performance.now() - begun, ...judged };
    },
    ...watcher(socket),
    takeLog: log.take,
    async close() {
      agent.destroy();
      await fn.close();
    },
  };
}

function logOf() {
  let log = '';
  return {
    add(text: string) {
      log += text;
    },
    take() {
      const taken = log;
      log = '';
      return taken;
    },
  };
}

function send(
  url: string,
  {
    method,
    path,
    headers,
    body,
  }: { method: string; path: string; headers: Record<string, string>; body: Buffer },
  agent: Agent,
): Promise<Pick<Answer, 'outcome' | 'fault'>> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, agent, headers }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(judgeStatus(response.statusCode!, Buffer.concat(chunks).toString())));
    });
    // The function closes idle connections, so a request may not have reached it.
    const again = () => send(url, { method, path, headers, body }, agent).then(resolve, reject);
    sent.on('error', error => (sent.reusedSocket ? again() : reject(error)));
    sent.end(body);
  });
}

/** Queries the preloaded module; a new process of the function has a new socket. */
function watcher(path: string): Pick<AttackedFunction, 'blocked' | 'memory'> {
  let socket: Socket | undefined;
  async function ask(what: 'b' | 'm') {
    if (socket === undefined || socket.destroyed) {
      socket = connect(path).unref();
      await once(socket, 'connect');
    }
    socket.write(what);
    const [line] = await once(socket, 'data');
    return JSON.parse(String(line));
  }
  return { blocked: () => ask('b'), memory: () => ask('m') };
}
