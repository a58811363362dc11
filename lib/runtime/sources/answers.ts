import type { SQSBatchResponse } from 'aws-lambda';
import { RequestError } from '../errors.ts';
import type { FailedRecord } from './event-scope.ts';

/**
 * Returns the partial batch response of queues and streams.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 * @throws Error instead of returning an empty identifier, which the service reads as the whole batch
 */
export function batchItemFailures(failed: readonly FailedRecord[], total: number): SQSBatchResponse {
  if (failed.length > 0) {
    console.error(describeFailures(failed, total));
  }
  if (failed.some(({ id }) => typeof id !== 'string' || id === '')) {
    throw new Error('a record that failed has no identifier, so the whole event fails');
  }
  return { batchItemFailures: failed.map(({ id }) => ({ itemIdentifier: id })) };
}

/** For sources where an event succeeds or fails as a whole. */
export function throwIfFailed(failed: readonly FailedRecord[], total: number): void {
  if (failed.length > 0) {
    throw new Error(describeFailures(failed, total));
  }
}

/** Further failures are only counted. */
const namedAtMost = 20;

/** Omits messages that may quote a record, because the content of records stays out of logs. */
export function describeFailures(failed: readonly FailedRecord[], total: number): string {
  const named = failed.slice(0, namedAtMost).map(({ id, error }) => `${nameOf(id)}: ${describe(error)}`);
  const rest = failed.length > namedAtMost ? ` and ${failed.length - namedAtMost} more` : '';
  return `${failed.length} of ${total} records failed: ${named.join('; ')}${rest}`;
}

/** In an event that the service did not send, the identifier may be any value. */
function nameOf(id: unknown): string {
  return typeof id === 'string' ? id : 'a record without an identifier';
}

function describe(error: Error): string {
  return error instanceof RequestError ? error.loggable : (error.stack ?? error.message);
}
