import type { S3BatchEvent, S3BatchEventTask, S3BatchResult, S3BatchResultResult } from 'aws-lambda';
import type { ObjectSummary } from '../objects/score-object.ts';
import type { ObjectReference } from '../objects/types.ts';
import type { EventRecord } from './event-record.ts';
import { type ProcessedRecord, processRecords } from './process-event.ts';
import { readEvent } from './read-event.ts';
import { objectId } from './s3-objects.ts';
import type { Source } from './source.ts';

/** A task of schema 1.0, with the bucket's ARN, or 2.0, with its name. */
type Task = Partial<Pick<S3BatchEventTask, 's3BucketArn' | 's3VersionId'>> &
  Pick<S3BatchEventTask, 'taskId' | 's3Key'> & { s3Bucket?: string };

/**
 * S3 Batch Operations jobs: each task is an object to score.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
 */
export const s3Batch: Source<Omit<S3BatchEvent, 'tasks'> & { tasks: Task[] }> = {
  name: 's3-batch',
  matches: event => typeof event.invocationSchemaVersion === 'string' && Array.isArray(event.tasks),
  async handle({ invocationSchemaVersion, invocationId, tasks }, fn, invocation): Promise<S3BatchResult> {
    const records = readEvent('s3-batch', () => tasks.map(toRecord));
    const processed = await processRecords(records, { fn, invocation, source: 's3-batch' });
    return {
      invocationSchemaVersion,
      invocationId,
      treatMissingKeysAs: 'TemporaryFailure',
      results: tasks.map(({ taskId }, index) => ({ taskId, ...toResult(processed[index]!) })),
    };
  },
};

function toRecord(task: Task): EventRecord {
  const object: ObjectReference = {
    bucket: task.s3Bucket ?? task.s3BucketArn?.split(':::')[1] ?? '',
    key: decodeURIComponent(task.s3Key.replaceAll('+', ' ')),
    version: task.s3VersionId ?? undefined,
  };
  return { id: objectId(object), read: () => ({ kind: 'objects', objects: [object] }), raw: object };
}

/** Returns an object's result for the job's report. */
function toResult({ outcome, again }: ProcessedRecord): Omit<S3BatchResultResult, 'taskId'> {
  if (!outcome.ok && outcome.final) {
    return { resultCode: 'PermanentFailure', resultString: outcome.error.message };
  }
  if (again !== undefined) {
    return { resultCode: 'TemporaryFailure', resultString: again.message };
  }
  const summary = outcome.ok ? (outcome.result as ObjectSummary | undefined) : undefined;
  return {
    resultCode: 'Succeeded',
    resultString:
      summary === undefined
        ? 'passed over: coldpress wrote it, or it is a folder'
        : `${summary.records} records, ${summary.failures} failed: s3://${summary.results.bucket}/${summary.results.key}`,
  };
}
