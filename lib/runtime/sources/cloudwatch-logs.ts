import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from 'aws-lambda';
import { throwIfFailed } from './answers.ts';
import { type EventRecord, parseJson } from './event-record.ts';
import { gunzipText } from './gunzip-text.ts';
import { processEvent } from './process-event.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';

/**
 * CloudWatch Logs subscriptions, which invoke asynchronously: the message of each log event is a JSON record. The
 * function's own log is skipped, because scoring it would log again.
 */
export const cloudWatchLogs: Source<CloudWatchLogsEvent> = {
  name: 'cloudwatch-logs',
  matches: event => typeof event.awslogs?.data === 'string',
  async handle({ awslogs }, fn, invocation) {
    const records = readEvent('cloudwatch-logs', () => toRecords(awslogs.data));
    throwIfFailed(await processEvent(records, { fn, invocation, source: 'cloudwatch-logs' }), records.length);
  },
};

function toRecords(data: string): EventRecord[] {
  const text = gunzipText(Buffer.from(data, 'base64'));
  const { messageType, logGroup, logEvents } = JSON.parse(text) as CloudWatchLogsDecodedData;
  const isOwn = logGroup === process.env.AWS_LAMBDA_LOG_GROUP_NAME;
  return messageType !== 'DATA_MESSAGE' || isOwn
    ? []
    : logEvents.map(({ id, message }) => ({
        id,
        read: () => ({ kind: 'record', record: parseJson(message) }),
        raw: message,
      }));
}
