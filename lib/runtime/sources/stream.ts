import { batchItemFailures } from './answers.ts';
import type { EventRecord } from './event-record.ts';
import type { EventScope } from './event-scope.ts';
import { processEvent } from './process-event.ts';

/**
 * Scores records of one shard, which are ordered: the first failed record is the checkpoint and is redelivered with all
 * behind it. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export async function processStream(records: EventRecord[], scope: EventScope) {
  const ordered = records.map(record => ({ ...record, lane: 'shard' }));
  const failed = await processEvent(ordered, scope);
  return batchItemFailures(failed.slice(0, 1), records.length);
}
