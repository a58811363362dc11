import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { lambdaPayloadBytes } from '../contract/platforms.ts';
import { awsLambdaLimits } from '../targets/aws-lambda/limits.ts';
import { local } from './environment.ts';
import type { Lambda } from './lambda.ts';
import { readBody } from './request-body.ts';
import { invokedFunction } from './reserved-paths.ts';

/** The limit of any payload, in bytes, and what Lambda says of a larger one. */
export const requestLimit = lambdaPayloadBytes.request;
export const requestTooLarge = `Request must be smaller than ${requestLimit} bytes for the InvokeFunction operation`;

/** Bytes of the log that `LogType: Tail` returns. */
const tailBytes = 4096;

/**
 * Answers a request as Lambda's Invoke API does, so that AWS's clients can use this address as an endpoint.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function handleInvokeApi(lambda: Lambda, request: IncomingMessage, response: ServerResponse) {
  response.setHeader('X-Amzn-RequestId', randomUUID());
  const url = request.url ?? '';
  const target = parseTarget(url);
  const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  const body = await readBody(request, requestLimit);
  if (request.method !== 'POST') {
    return refuse(response, 405, 'MethodNotAllowedException', 'only POST invokes');
  }
  if (target === undefined) {
    return refuse(response, 400, 'ValidationException', `the function's name is not percent-encoded: ${url}`);
  }
  const { name, qualifier } = target;
  if (name !== lambda.manifest.name || (qualifier ?? local.version) !== local.version) {
    const arn = lambda.functionArn.replace(/[^:]+$/, name) + (qualifier === undefined ? '' : `:${qualifier}`);
    return refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${arn}`);
  }
  if (body.tooLarge) {
    return refuse(response, 413, 'RequestTooLargeException', requestTooLarge);
  }
  if (type === 'Event' && body.sizeBytes > awsLambdaLimits.eventBytes) {
    const message = `${body.sizeBytes} byte payload is too large for the Event invocation type (limit ${awsLambdaLimits.eventBytes} bytes)`;
    return refuse(response, 413, 'RequestEntityTooLargeException', message);
  }
  const payload = body.sizeBytes === 0 ? Buffer.from('{}') : body.bytes;
  const problem = jsonProblem(payload);
  if (problem !== undefined) {
    const message = `Could not parse request body into json: ${problem}`;
    return refuse(response, 400, 'InvalidRequestContentException', message);
  }
  const context = header(request, 'x-amz-client-context');
  const options = { clientContext: context && Buffer.from(context, 'base64').toString() };
  switch (type) {
    case 'DryRun':
      return response.writeHead(204).end();
    case 'Event':
      // The result of an asynchronous invocation is only in the log.
      lambda.invoke(payload, options).catch(() => {});
      return response.writeHead(202).end();
    case 'RequestResponse':
      return answer(response, await lambda.invoke(payload, options), header(request, 'x-amz-log-type'));
    default:
      return refuse(response, 400, 'InvalidParameterValueException', `InvocationType is ${type}`);
  }
}

type Invocation = Awaited<ReturnType<Lambda['invoke']>>;

function answer(response: ServerResponse, invocation: Invocation, logType: string | undefined) {
  response.setHeader('Content-Type', invocation.contentType);
  response.setHeader('Content-Length', invocation.payload.length);
  response.setHeader('X-Amzn-RequestId', invocation.requestId);
  response.setHeader('X-Amz-Executed-Version', local.version);
  if (invocation.functionError !== undefined) {
    response.setHeader('X-Amz-Function-Error', invocation.functionError);
  }
  if (logType === 'Tail') {
    response.setHeader(
      'X-Amz-Log-Result',
      Buffer.from(invocation.logs).subarray(-tailBytes).toString('base64'),
    );
  }
  response.writeHead(200).end(invocation.payload);
}

function refuse(response: ServerResponse, status: number, type: string, message: string) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Amzn-ErrorType': type });
  response.end(JSON.stringify({ Type: 'User', Message: message, message }));
}

/**
 * A function's name in any form that Lambda accepts: name, ARN or partial ARN, each with or without a qualifier.
 * `undefined` if its percent-encoding is invalid.
 */
function parseTarget(url: string): { name: string; qualifier: string | undefined } | undefined {
  const target = decode(invokedFunction(url) ?? '');
  if (target === undefined) {
    return undefined;
  }
  const afterFunction = /(?:^|:)function:(.*)$/.exec(target)?.[1] ?? target;
  const [name = '', inName] = afterFunction.split(':');
  const inQuery = new URLSearchParams(url.split('?')[1]).get('Qualifier');
  return { name, qualifier: inName ?? inQuery ?? undefined };
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function header({ headers }: IncomingMessage, name: string): string | undefined {
  return headers[name]?.toString();
}

function jsonProblem(payload: Buffer): string | undefined {
  try {
    JSON.parse(payload.toString());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
