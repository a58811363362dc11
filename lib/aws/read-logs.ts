import { clientMissing } from '../client-missing.ts';
import { ColdpressError } from '../errors.ts';
import { explainAwsError } from './errors.ts';
import type { AwsPlace } from './versions.ts';

/** One event of a log group. */
export interface AwsLogEvent {
  message: string;
  timeMs: number;
  stream: string;
  id: string;
}

/**
 * Events of a function's log group that contain any of the words, the oldest first.
 * @throws ColdpressError AWS_LOGS_NOT_FOUND, CLIENT_MISSING, and what `explainAwsError` makes of AWS's errors
 */
export async function* readAwsLogs(
  { functionName, region, endpointUrl }: AwsPlace,
  { sinceMs, untilMs, words }: { sinceMs: number; untilMs: number; words: readonly string[] },
): AsyncIterable<AwsLogEvent> {
  const name = '@aws-sdk/client-cloudwatch-logs';
  const sdk = await import('@aws-sdk/client-cloudwatch-logs').catch(clientMissing(name));
  const client = new sdk.CloudWatchLogsClient({
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  });
  const logGroupName = functionName.startsWith('/') ? functionName : `/aws/lambda/${functionName}`;
  const request = {
    ...{ logGroupName, startTime: sinceMs, endTime: untilMs },
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html: ? means any of them.
    filterPattern: words.map(word => `?"${word}"`).join(' '),
  };
  try {
    for await (const { events = [] } of sdk.paginateFilterLogEvents({ client }, request)) {
      for (const { message = '', timestamp = 0, logStreamName = '', eventId = '' } of events) {
        yield { message, timeMs: timestamp, stream: logStreamName, id: eventId };
      }
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      throw new ColdpressError('AWS_LOGS_NOT_FOUND', `there is no log group ${logGroupName}`, {
        hint: 'Check the name and the region. A function with a log group of its own is named by that: coldpress drift /my/log-group.',
        cause: error,
      });
    }
    throw explainAwsError(error);
  } finally {
    client.destroy();
  }
}
