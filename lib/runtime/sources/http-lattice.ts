import {
  lambdaPlatform,
  readEventBody,
  readHeaders,
  readRequest,
  writeEventBody,
  writeQuery,
} from './http-lambda.ts';
import type { Source } from './source.ts';

/** https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html */
interface LatticeEvent {
  method: string;
  body?: string | null;
  /** Version 2 only. */
  version?: '2.0';
  path?: string;
  queryStringParameters?: Record<string, string[]>;
  headers: Record<string, string | string[]>;
  isBase64Encoded?: boolean;
  requestContext?: { targetGroupArn: string };
  /** Version 1 only. */
  raw_path?: string;
  is_base64_encoded?: boolean;
}

/** VPC Lattice, with either version of its events. */
export const httpLattice: Source<LatticeEvent> = {
  name: 'http-lattice',
  matches: event =>
    typeof event.method === 'string' &&
    (typeof event.raw_path === 'string' || typeof event.requestContext?.targetGroupArn === 'string'),
  async handle(event, fn, invocation) {
    const { method, body, isBase64Encoded = event.is_base64_encoded ?? false } = event;
    const request = readRequest('http-lattice', () => {
      const [path = '/', query] = (event.raw_path ?? event.path ?? '/').split('?', 2);
      return {
        method,
        path,
        query: query ?? writeQuery(event.queryStringParameters),
        headers: readHeaders(toText(event.headers)),
        body: readEventBody({ body, isBase64Encoded }),
      };
    });
    const answer = await fn.http(request, lambdaPlatform(invocation));
    return { statusCode: answer.status, headers: answer.headers, ...writeEventBody(answer.body) };
  },
};

/** Joins repeated headers as in HTTP. */
function toText(headers: LatticeEvent['headers'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
