import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { clientMissing } from '../client-missing.ts';
import { ColdpressError } from '../errors.ts';
import { explainAwsError } from './errors.ts';
import { type AwsPlace, withLambda } from './lambda-client.ts';

type LogsSdk = typeof import('@aws-sdk/client-cloudwatch-logs');

/** One event of a log group. */
export interface AwsLogEvent {
  message: string;
  timeMs: number;
  stream: string;
  id: string;
}

/** The log group, and which of its events to read. */
export interface AwsLogQuery extends Pick<AwsPlace, 'region' | 'endpointUrl'> {
  /** A function's name, a log group's name that begins with `/`, or a log group's ARN. */
  name: string;
  sinceMs: number;
  untilMs: number;
  /** Only returns events that contain any of these words. */
  words: readonly string[];
}

/**
 * Reads the events of a log group, oldest first.
 * @throws ColdpressError AWS_LOGS_NOT_FOUND, CLIENT_MISSING, and AWS's errors as `explainAwsError` converts them
 */
export async function* readAwsLogs(query: AwsLogQuery): AsyncIterable<AwsLogEvent> {
  const { name, region, endpointUrl } = query;
  const sdk = await import('@aws-sdk/client-cloudwatch-logs').catch(
    clientMissing('@aws-sdk/client-cloudwatch-logs'),
  );
  const client = new sdk.CloudWatchLogsClient({
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  });
  try {
    const group = groupOf(name);
    try {
      yield* eventsOf(client, sdk, { ...query, group: group ?? `/aws/lambda/${name}` });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      const other = group === undefined ? await configuredGroup({ ...query, functionName: name }) : undefined;
      if (other === undefined) {
        throw notFound(name, group, error);
      }
      yield* eventsOf(client, sdk, { ...query, group: other });
    }
  } catch (error) {
    throw error instanceof ColdpressError ? error : explainAwsError(error);
  } finally {
    client.destroy();
  }
}

/** The log group of an ARN, or of a name that begins with a slash; `undefined` for a function's name. */
function groupOf(name: string): string | undefined {
  const [, , service, , , kind, group] = name.split(':');
  if (service === 'logs' && kind === 'log-group') {
    return group;
  }
  return name.startsWith('/') ? name : undefined;
}

async function* eventsOf(
  client: CloudWatchLogsClient,
  sdk: LogsSdk,
  { group, sinceMs, untilMs, words }: AwsLogQuery & { group: string },
): AsyncIterable<AwsLogEvent> {
  const request = {
    logGroupName: group,
    startTime: sinceMs,
    endTime: untilMs,
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html: ? means any of them.
    filterPattern: words.map(word => `?"${word}"`).join(' '),
  };
  for await (const { events = [] } of sdk.paginateFilterLogEvents({ client }, request)) {
    for (const { message = '', timestamp = 0, logStreamName = '', eventId = '' } of events) {
      yield { message, timeMs: timestamp, stream: logStreamName, id: eventId };
    }
  }
}

/**
 * The log group that Lambda has configured: CDK creates functions' log groups with names of its own. `undefined` if the
 * function does not exist.
 */
async function configuredGroup(place: AwsPlace): Promise<string | undefined> {
  try {
    return await withLambda(place, async (client, sdk) => {
      const FunctionName = place.functionName;
      const { LoggingConfig } = await client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName }));
      return LoggingConfig?.LogGroup;
    });
  } catch {
    return undefined;
  }
}

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}

function notFound(name: string, group: string | undefined, cause: unknown): ColdpressError {
  return new ColdpressError(
    'AWS_LOGS_NOT_FOUND',
    group === undefined
      ? `there is no log group /aws/lambda/${name}, and Lambda names no other for ${name}`
      : `there is no log group ${group}`,
    { hint: 'Check the name and the region, or pass the ARN of the log group.', cause },
  );
}
