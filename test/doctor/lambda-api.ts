import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { listen, unlisten } from '../../lib/local/listen.ts';

/** What the local Lambda has. Code and layers are archives; their URLs lead back to this server. */
export interface LambdaState {
  configuration: Record<string, unknown>;
  code: Uint8Array;
  /** By ARN. */
  layers: Record<string, Uint8Array>;
  /** Replaces the code's location. */
  image?: { ImageUri: string; ResolvedImageUri: string };
}

/** The three calls of Lambda's API by which a deployed function is read, for the real client. */
export async function startLambdaApi(state: LambdaState) {
  const base64 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://lambda');
    const path = decodeURIComponent(url.pathname);
    const json = (status: number, body: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    const own = `http://${request.headers.host}`;
    if (path === '/code.zip') {
      response.writeHead(state.code.length === 0 ? 403 : 200).end(state.code);
    } else if (path.startsWith('/layer/')) {
      response.end(state.layers[path.slice('/layer/'.length)]);
    } else if (/^\/2015-03-31\/functions\/churn(:live)?$/.test(path)) {
      json(200, {
        Configuration: {
          FunctionName: 'churn',
          Version: '7',
          LastModified: '2026-11-20T10:00:00.000+0000',
          CodeSha256: base64(state.code),
          Layers: Object.keys(state.layers).map(Arn => ({ Arn })),
          ...state.configuration,
        },
        Code: state.image ?? { Location: `${own}/code.zip` },
      });
    } else if (path === '/2018-10-31/layers') {
      const arn = url.searchParams.get('Arn')!;
      const Location = `${own}/layer/${encodeURIComponent(arn)}`;
      json(200, { Content: { Location, CodeSha256: base64(state.layers[arn]!) } });
    } else {
      const headers = { 'x-amzn-errortype': 'ResourceNotFoundException' };
      json(404, { Message: `Function not found: ${path}` }, headers);
    }
  });
  const port = await listen(server, 0);
  return { url: `http://127.0.0.1:${port}`, close: () => unlisten(server) };
}
