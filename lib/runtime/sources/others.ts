import { activeMq } from './activemq.ts';
import { cloudWatchLogs } from './cloudwatch-logs.ts';
import { dynamoDb } from './dynamodb.ts';
import { empty } from './empty.ts';
import { firehose } from './firehose.ts';
import { httpLattice } from './http-lattice.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { pipes } from './pipes.ts';
import { rabbitMq } from './rabbitmq.ts';
import { refusedSources } from './refused.ts';
import { s3Batch } from './s3-batch.ts';
import type { Source } from './source.ts';

/**
 * Events that few functions get, or that come in batches, where a file more to load does not count: a chunk, so that no
 * other function reads their code. The last are known and refused.
 */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
export const otherSources: Source<any>[] = [
  kinesis,
  dynamoDb,
  kafka,
  activeMq,
  rabbitMq,
  firehose,
  cloudWatchLogs,
  pipes,
  s3Batch,
  httpLattice,
  empty,
  ...refusedSources,
];
