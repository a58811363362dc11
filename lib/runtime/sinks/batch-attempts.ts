import { type Attempt, done } from '../platform/retry.ts';

interface FailedEntry {
  Id: string | undefined;
  SenderFault: boolean | undefined;
  Code: string | undefined;
  Message?: string | undefined;
}

/** Converts the `Failed` entries of an SQS or SNS batch, whose identifiers are their indices, to attempts. */
export function batchAttempts(count: number, failed: FailedEntry[] = []): Attempt[] {
  const attempts: Attempt[] = Array.from({ length: count }, () => done);
  for (const { Id, SenderFault, Code, Message } of failed) {
    const error = new Error(`${Code}: ${Message ?? 'the service reports no reason'}`);
    attempts[Number(Id)] = { kind: SenderFault ? 'never' : 'again', error };
  }
  return attempts;
}
