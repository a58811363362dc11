import type { IncomingHttpHeaders, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';

/** The interface that the native part of AWS's runtime client offers its JavaScript. */
export interface RapidClient {
  /** Waits for an invocation, without a time limit. */
  next(): Promise<{ bodyJson: string; headers: IncomingHttpHeaders }>;
  /** Sends the answer before it returns, so that later work of the function delays no caller. */
  done(id: string, bodyJson: string): void;
  error(id: string, bodyJson: string, xrayCause: string): void;
}

/** The Node modules that the client uses. */
export interface Transport {
  http: typeof import('node:http');
  net: typeof import('node:net');
}

/**
 * Speaks Lambda's Runtime API at `endpoint` (host:port) over node:http and node:net. Our own runtime client imports it.
 * For AWS's, its source text replaces the compiled `rapid-client.node`, so it must not refer to anything outside.
 */
export function rapidClient({ http, net }: Transport, endpoint: string): RapidClient {
  const [hostname = '', port] = endpoint.split(':');
  const uptimeMs = () => (process.uptime() * 1000).toFixed(3);
  // The runtime has started; the handler's code is loaded next.
  const loadedMs = uptimeMs();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  let isSnapshot = process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'snap-start';
  let connection: Socket | undefined;
  let taken: Promise<unknown> = Promise.resolve();

  function get(options: RequestOptions): ReturnType<RapidClient['next']> {
    return new Promise((resolve, reject) => {
      const request = http.get({ hostname, port, agent, ...options }, response => {
        let bodyJson = '';
        response.setEncoding('utf8');
        response.on('data', text => {
          bodyJson += text;
        });
        response.on('end', () => resolve({ bodyJson, headers: response.headers }));
        response.on('error', reject);
      });
      request.on('error', reject);
    });
  }

  /** Connects for the next answer, so that it is sent at once: a socket that still connects would keep it waiting. */
  function connect(): Promise<Socket> {
    return new Promise(resolve => {
      const socket = net.connect(Number(port), hostname);
      const done = () => resolve(socket);
      // The native client ignores the outcome too: if the answer was refused, the platform has already reported that.
      socket.on('error', done).on('connect', done).resume();
    });
  }

  /** Sends a request at once. node:http would send it one tick later, after work of the function past its answer. */
  function post(path: string, body: string) {
    const socket = connection!;
    connection = undefined;
    taken = new Promise(resolve => socket.on('close', resolve));
    const headers = [
      `POST /2018-06-01/runtime/${path} HTTP/1.1`,
      `Host: ${endpoint}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`);
  }

  /**
   * Ends INIT: Lambda takes the snapshot while the request waits, and responds in every instance that it restores.
   * https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html
   */
  async function restore() {
    // A separate socket, so that none is kept open across the snapshot.
    await get({ path: '/2018-06-01/runtime/restore/next', agent: false });
    (process as NodeJS.EventEmitter).emit('coldpress:restored');
  }

  return {
    async next() {
      if (isSnapshot) {
        isSnapshot = false;
        await restore();
      }
      // A streamed answer has left its connection unused.
      connection?.destroy();
      await taken;
      const invocation = await get({
        path: '/2018-06-01/runtime/invocation/next',
        headers: { 'Coldpress-Uptime': `${loadedMs} ${uptimeMs()}` },
      });
      connection = await connect();
      return invocation;
    },
    done: (id, body) => post(`invocation/${id}/response`, body),
    // The cause is omitted. It is a header only for X-Ray, and its text may be too long or invalid for a header.
    error: (id, body) => post(`invocation/${id}/error`, body),
  };
}

/** This client as the text of a CommonJS module, for the environment in which it is loaded. */
export function rapidClientModule(): string {
  const transport = "{ http: require('node:http'), net: require('node:net') }";
  return `module.exports = (${rapidClient})(${transport}, process.env.AWS_LAMBDA_RUNTIME_API);\n`;
}
