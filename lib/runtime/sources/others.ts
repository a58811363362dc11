import { activeMq } from './activemq.ts';
import { cloudWatchLogs } from './cloudwatch-logs.ts';
import { empty } from './empty.ts';
import { firehose } from './firehose.ts';
import { httpLattice } from './http-lattice.ts';
import { kafka } from './kafka.ts';
import { pipes } from './pipes.ts';
import { rabbitMq } from './rabbitmq.ts';
import { refusedSources } from './refused.ts';
import { s3Batch } from './s3-batch.ts';
import type { Source } from './source.ts';

/** Events that few functions get: a chunk, so that no other reads their code. The last are known and refused. */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
export const otherSources: Source<any>[] = [
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
