/** An HTTP response, read from a function's return value. */
export interface UrlResponse {
  statusCode: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** A streaming function sends status and headers before its body, separated from it by eight NULs. */
const streamedHttp = 'application/vnd.awslambda.http-integration-response';
const prelude = Buffer.alloc(8);

/**
 * The response that a Function URL makes of a function's answer: its own fields if it has a `statusCode`, otherwise 200
 * with the whole answer as JSON. Any other answer results in a 502.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function fromFunctionAnswer(answer: {
  payload: Buffer;
  contentType: string;
  functionError?: string;
}): UrlResponse {
  if (answer.functionError !== undefined) {
    return internalServerError();
  }
  try {
    if (answer.contentType === streamedHttp) {
      return fromStream(answer.payload);
    }
    if (!isJson(answer.contentType)) {
      return { statusCode: 200, headers: { 'content-type': answer.contentType }, body: answer.payload };
    }
    return fromResult(JSON.parse(answer.payload.toString()));
  } catch {
    return internalServerError();
  }
}

/** Function URLs return this for any error of the function; the message is only in the log. */
function internalServerError(): UrlResponse {
  return {
    statusCode: 502,
    headers: { 'content-type': 'text/plain', 'x-amzn-errortype': 'InternalServerErrorException' },
    body: Buffer.from('Internal Server Error'),
  };
}

function fromStream(payload: Buffer): UrlResponse {
  const end = payload.indexOf(prelude);
  if (end === -1) {
    return { statusCode: 200, headers: {}, body: payload };
  }
  const metadata: ProxyResult = JSON.parse(payload.subarray(0, end).toString());
  return { ...head(metadata), body: payload.subarray(end + prelude.length) };
}

interface ProxyResult {
  statusCode: number;
  headers?: Record<string, unknown>;
  cookies?: string[];
  body?: unknown;
  isBase64Encoded?: boolean;
}

function fromResult(result: unknown): UrlResponse {
  if (!isProxyResult(result)) {
    const body = typeof result === 'string' ? result : JSON.stringify(result);
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
  }
  const { body = '', isBase64Encoded } = result;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { ...head(result), body: Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8') };
}

function isProxyResult(result: unknown): result is ProxyResult {
  return typeof result === 'object' && result !== null && 'statusCode' in result;
}

function head({ statusCode, headers = {}, cookies }: ProxyResult): Omit<UrlResponse, 'body'> {
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new Error(`status code ${statusCode}`);
  }
  const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(lowerCased),
      ...(cookies === undefined ? {} : { 'set-cookie': cookies }),
    },
  };
}

function isJson(contentType: string): boolean {
  return contentType.startsWith('application/json');
}
