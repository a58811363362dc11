import { activeMq } from './activemq.ts';
import { batch } from './batch.ts';
import { cloudWatchLogs } from './cloudwatch-logs.ts';
import { dynamoDb } from './dynamodb.ts';
import { empty } from './empty.ts';
import { eventBridge } from './eventbridge.ts';
import { firehose } from './firehose.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { pipes } from './pipes.ts';
import { rabbitMq } from './rabbitmq.ts';
import { refusedSources } from './refused.ts';
import { s3 } from './s3.ts';
import { s3Batch } from './s3-batch.ts';
import { sns } from './sns.ts';
import type { Source } from './source.ts';
import { sqs } from './sqs.ts';

/**
 * Sources of events other than HTTP requests, the most specific first. They are a separate chunk, so that an instance
 * that answers requests does not load it. The last sources recognise and reject events.
 */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
export const eventSources: Source<any>[] = [
  sqs,
  sns,
  s3,
  eventBridge,
  batch,
  kinesis,
  dynamoDb,
  kafka,
  activeMq,
  rabbitMq,
  firehose,
  cloudWatchLogs,
  pipes,
  s3Batch,
  empty,
  ...refusedSources,
];
