import type { ClientRequest } from 'node:http';
import type { FormattedError } from './format-error.ts';

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const errorTrailers = {
  type: 'Lambda-Runtime-Function-Error-Type',
  body: 'Lambda-Runtime-Function-Error-Body',
};

/** `awslambda.streamifyResponse`: marks a handler whose second argument is the stream of its response. */
export function streamifyResponse<T extends object>(handler: T): T {
  return Object.assign(handler, { [streaming]: 'response' });
}

export function isStreaming(handler: object): boolean {
  return (handler as { [streaming]?: unknown })[streaming] === 'response';
}

/** The stream that a handler writes its response to. */
export interface ResponseStream extends ClientRequest {
  setContentType(type: string): void;
}

/** `awslambda.HttpResponseStream`: writes status and headers before the body, separated from it by eight NULs. */
export const HttpResponseStream = {
  from(stream: ResponseStream, metadata: unknown): ResponseStream {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    const write = stream.write.bind(stream);
    stream.write = (...chunk: unknown[]) => {
      stream.write = write;
      stream.write(JSON.stringify(metadata));
      stream.write(new Uint8Array(8));
      return Reflect.apply(write, undefined, chunk);
    };
    return stream;
  },
};

/** Opens the response of the invocation `id`: a chunked POST that lasts until the handler has finished writing. */
export function openResponseStream(endpoint: string, id: string) {
  const [hostname, port] = endpoint.split(':');
  const request = process.getBuiltinModule('node:http').request({
    hostname,
    port,
    method: 'POST',
    path: `/2018-06-01/runtime/invocation/${id}/response`,
    headers: {
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      'Content-Type': 'application/octet-stream',
      'Transfer-Encoding': 'chunked',
      Trailer: Object.values(errorTrailers),
    },
  });
  const taken = new Promise<void>((resolve, reject) => {
    request.on('response', response => response.on('end', resolve).resume());
    request.on('error', reject);
  });
  taken.catch(() => {});
  const writable: ResponseStream = Object.assign(request, {
    setContentType: (type: string) => void request.setHeader('Content-Type', type),
  });
  return {
    writable,
    async finished() {
      await taken;
      if (!request.writableFinished) {
        throw new Error('Response stream is not finished.');
      }
    },
    async fail(error: FormattedError) {
      request.addTrailers({
        [errorTrailers.type]: error.errorType,
        [errorTrailers.body]: Buffer.from(JSON.stringify(error)).toString('base64'),
      });
      request.end();
      await taken;
    },
  };
}
