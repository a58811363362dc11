import type { IncomingHttpHeaders } from 'node:http';

/** What the native part of AWS's runtime client gives its JavaScript. */
export interface RapidClient {
  /** Waits for an invocation, however long that takes. */
  next(): Promise<{ bodyJson: string; headers: IncomingHttpHeaders }>;
  done(id: string, bodyJson: string): void;
  error(id: string, bodyJson: string, xrayCause: string): void;
}

/**
 * Speaks Lambda's Runtime API at `endpoint` (host:port) over node:http. Our own runtime client imports it; for AWS's
 * it is written out as text in place of the compiled `rapid-client.node`, so it must refer to nothing around it.
 */
export function rapidClient(http: typeof import('node:http'), endpoint: string): RapidClient {
  const [hostname, port] = endpoint.split(':');
  const uptimeMs = () => (process.uptime() * 1000).toFixed(3);
  // The runtime has started, and the handler's code comes next.
  const loadedMs = uptimeMs();
  // One socket keeps the order: `next` goes out when the answer before it has been taken.
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  let isSnapshot = process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'snap-start';

  function call(options: object, body?: string): ReturnType<RapidClient['next']> {
    return new Promise((resolve, reject) => {
      const request = http.request({ hostname, port, agent, ...options }, response => {
        let bodyJson = '';
        response.setEncoding('utf8');
        response.on('data', text => {
          bodyJson += text;
        });
        response.on('end', () => resolve({ bodyJson, headers: response.headers }));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  function post(path: string, body: string) {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    // The native client ignores the outcome too: where the answer was refused, the platform has said so already.
    call({ method: 'POST', path: `/2018-06-01/runtime/${path}`, headers }, body).catch(() => {});
  }

  /**
   * Ends INIT: Lambda takes the snapshot while the request waits, and answers in every instance that it restores.
   * https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html
   */
  async function restore() {
    // A socket of its own, so that none is kept open across the snapshot.
    await call({ method: 'GET', path: '/2018-06-01/runtime/restore/next', agent: false });
    (process as NodeJS.EventEmitter).emit('coldpress:restored');
  }

  return {
    async next() {
      if (isSnapshot) {
        isSnapshot = false;
        await restore();
      }
      return call({
        method: 'GET',
        path: '/2018-06-01/runtime/invocation/next',
        headers: { 'Coldpress-Uptime': `${loadedMs} ${uptimeMs()}` },
      });
    },
    done: (id, body) => post(`invocation/${id}/response`, body),
    // Without the cause, a header that is for X-Ray alone: its text may be longer than a header, or none of HTTP's.
    error: (id, body) => post(`invocation/${id}/error`, body),
  };
}

/** The text of a CommonJS module that is this client, for the environment it is loaded in. */
export function rapidClientModule(): string {
  return `module.exports = (${rapidClient})(require('node:http'), process.env.AWS_LAMBDA_RUNTIME_API);\n`;
}
