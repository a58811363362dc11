import { type Attempt, retryEach } from '../platform/retry.ts';
import type { SinkEntry } from './sink.ts';

/** An entry in the form that is sent. */
export interface EncodedEntry {
  entry: SinkEntry;
  text: string;
}

/** The limits of one request, from the service's documentation. */
export interface BatchLimits {
  entries: number;
  bytes: number;
  /** Bytes of an entry that is sent alone (default: `bytes`). */
  bytesAlone?: number;
}

/** Bytes that an entry needs besides its text: identifiers, attributes, markup. */
const overheadBytes = 1024;
const concurrentBatches = 8;

/**
 * Sends entries in batches that the service accepts, several at once, and retries entries that failed; those not
 * delivered by the deadline fail.
 * @param attempt - sends one batch; a throw fails the rest of it, because a client that throws has already retried
 */
export async function sendInBatches(
  entries: readonly SinkEntry[],
  options: { limits: BatchLimits; deadline: AbortSignal },
  attempt: (batch: EncodedEntry[]) => Promise<Attempt[]>,
): Promise<(Error | undefined)[]> {
  const batches = divide(entries, options.limits);
  const answers: (Error | undefined)[][] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < batches.length) {
      const index = next++;
      answers[index] = await send(batches[index]!, options, attempt);
    }
  }
  await Promise.all(Array.from({ length: concurrentBatches }, work));
  return answers.flat();
}

async function send(
  batch: EncodedEntry[],
  { limits, deadline }: { limits: BatchLimits; deadline: AbortSignal },
  attempt: (batch: EncodedEntry[]) => Promise<Attempt[]>,
): Promise<(Error | undefined)[]> {
  const [first] = batch;
  const { bytes, bytesAlone = bytes } = limits;
  // Only an entry alone can be larger than a batch.
  if (sizeOf(first!) > bytesAlone) {
    return [new Error(`an entry of ${sizeOf(first!)} bytes is more than the sink accepts (${bytesAlone})`)];
  }
  return retryEach(batch, attempt, deadline);
}

function divide(entries: readonly SinkEntry[], limits: BatchLimits): EncodedEntry[][] {
  const batches: EncodedEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const encoded = { entry, text: JSON.stringify(entry.body) };
    const size = sizeOf(encoded);
    const current = batches.at(-1);
    if (current === undefined || current.length === limits.entries || bytes + size > limits.bytes) {
      batches.push([encoded]);
      bytes = size;
    } else {
      current.push(encoded);
      bytes += size;
    }
  }
  return batches;
}

function sizeOf({ text }: EncodedEntry): number {
  return Buffer.byteLength(text) + overheadBytes;
}
