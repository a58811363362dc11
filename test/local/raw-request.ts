import { request } from 'node:http';

export interface RawRequest {
  method?: string;
  /** The request target, sent as it is. */
  target: string;
  headers?: Record<string, string>;
}

/** Sends what `fetch` would not: any request target and any Host header. */
export function rawRequest(
  url: string,
  { method = 'GET', target, headers }: RawRequest,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path: target, method, agent: false, headers: headers ?? {} },
      answer => {
        let body = '';
        answer.setEncoding('utf8').on('data', text => {
          body += text;
        });
        answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
