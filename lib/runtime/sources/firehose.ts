import type { FirehoseTransformationEvent, FirehoseTransformationResultRecord } from 'aws-lambda';
import type { Outcome } from '../score/outcome.ts';
import { type EventRecord, parseJson } from './event-record.ts';
import { readEvent } from './read-event.ts';
import { settle } from './settle.ts';
import type { Source } from './source.ts';
import { resultEntry } from './to-entries.ts';

/** The response limit: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
const mostBytes = 6 * 2 ** 20;

/**
 * Firehose data transformation: each record is returned as its result, a line of JSON. Failed records go where the
 * stream stores what could not be processed; sinks receive nothing.
 */
export const firehose: Source<FirehoseTransformationEvent> = {
  name: 'firehose',
  matches: event =>
    typeof event.invocationId === 'string' &&
    typeof event.records?.[0]?.recordId === 'string' &&
    !('applicationArn' in event),
  async handle(event, fn, invocation) {
    const scope = { fn, invocation, source: 'firehose' };
    const records = readEvent('firehose', () => event.records.map(toRecord));
    const outcomes = await settle(records, scope);
    invocation.tally.failures += outcomes.filter(outcome => !outcome.ok).length;
    const answers = outcomes.map((outcome, index) => {
      const line = resultEntry(records[index]!, outcome, scope)?.body;
      return toAnswer(event.records[index]!, outcome, line);
    });
    const bytes = answers.reduce((sum, { data = '' }) => sum + data.length, 0);
    if (bytes > mostBytes) {
      throw new Error(
        `the results of ${answers.length} records have ${bytes} bytes, more than Firehose accepts (${mostBytes}): lower the buffer size of the transformation`,
      );
    }
    return { records: answers };
  },
};

function toRecord({ recordId, data }: { recordId: string; data: string }): EventRecord {
  const read = () => ({
    kind: 'record' as const,
    record: parseJson(Buffer.from(data, 'base64').toString('utf8')),
  });
  return { id: recordId, read, raw: data };
}

/** @throws the error of a record that may succeed next time: Firehose redelivers the whole batch */
function toAnswer(
  { recordId, data }: { recordId: string; data: string },
  outcome: Outcome,
  line: object | undefined,
): FirehoseTransformationResultRecord {
  if (!outcome.ok) {
    if (!outcome.final) {
      throw outcome.error;
    }
    return { recordId, result: 'ProcessingFailed', data };
  }
  if (line === undefined) {
    return { recordId, result: 'Dropped' };
  }
  return { recordId, result: 'Ok', data: Buffer.from(`${JSON.stringify(line)}\n`).toString('base64') };
}
