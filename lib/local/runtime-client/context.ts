import type { IncomingHttpHeaders } from 'node:http';

/** The handler's second argument, made from the headers of an invocation and the environment. */
export function functionContext(headers: IncomingHttpHeaders, env: NodeJS.ProcessEnv) {
  const header = (name: string) => String(headers[`lambda-runtime-${name}`] ?? '');
  const json = (name: string) => (header(name) === '' ? undefined : JSON.parse(header(name)));
  const deadlineMs = Number(header('deadline-ms'));
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: header('aws-request-id'),
    invokedFunctionArn: header('invoked-function-arn'),
    clientContext: json('client-context'),
    identity: json('cognito-identity'),
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}
