import { clientMissing } from '../client-missing.ts';
import { ColdpressError } from '../errors.ts';
import { type Answer, readAnswer } from '../local/answer.ts';
import { recordEvent } from '../local/model-request.ts';
import { checkQuestion, type Question } from '../local/question.ts';
import { explainAwsError } from './errors.ts';

/** Without an event, input or record the event is `{}`. */
export interface AwsInvokeOptions extends Question {
  /** @default the region of the AWS client's usual chain */
  region?: string | undefined;
  /** @default AWS's own, or the value of AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL */
  endpointUrl?: string | undefined;
  signal?: AbortSignal | undefined;
}

export type AwsInvokeResult = Answer & {
  /** From the request to the end of the answer, including the network. */
  answerMs: number;
  /** The version that answered. */
  executedVersion: string;
  /** The end of the log, including its REPORT. */
  logs: string;
};

/**
 * Invokes a deployed function. Credentials and region come from the same places as for AWS's own tools.
 * @param target - its name or ARN, optionally followed by a colon and a version or an alias
 * @throws ColdpressError EVENT_INVALID, OPTION_CONFLICT, OPTION_INVALID, CLIENT_MISSING, AWS_FUNCTION_NOT_FOUND,
 * AWS_CREDENTIALS, AWS_REGION, AWS_DENIED, AWS_THROTTLED, AWS_UNREACHABLE, AWS_REFUSED; a failure of the function is a
 * result
 */
export async function invokeAws(target: string, options: AwsInvokeOptions): Promise<AwsInvokeResult> {
  const { event, input, record, region, endpointUrl, signal } = options;
  checkQuestion({ event, input, record });
  if (endpointUrl !== undefined && !/^https?:$/.test(URL.parse(endpointUrl)?.protocol ?? '')) {
    throw new ColdpressError('OPTION_INVALID', `--endpoint-url is ${endpointUrl}`, {
      hint: 'Use a URL: http://127.0.0.1:9000',
    });
  }
  // A function answers an inference request unchanged, whatever model name it contains.
  const payload = record === undefined ? (input ?? event ?? '{}') : recordEvent(record);
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda').catch(
    clientMissing('@aws-sdk/client-lambda'),
  );
  const client = new LambdaClient({
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  });
  const command = new InvokeCommand({ FunctionName: target, Payload: payload, LogType: 'Tail' });
  const startedAt = performance.now();
  try {
    const answer = await client.send(command, signal && { abortSignal: signal });
    const functionError = answer.FunctionError === undefined ? {} : { functionError: 'Unhandled' as const };
    const bytes = Buffer.from(answer.Payload ?? []);
    return {
      ...readAnswer({ payload: bytes, contentType: 'application/json', ...functionError }),
      answerMs: performance.now() - startedAt,
      executedVersion: answer.ExecutedVersion ?? '',
      logs: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw explainAwsError(error);
  } finally {
    client.destroy();
  }
}
