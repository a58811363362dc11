import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { readAwsLogs } from '../../aws/read-logs.ts';
import { type Place, resolvePlace } from '../../gcp/place.ts';
import { readGcpLogs } from '../../gcp/read-logs.ts';
import type { Call } from '../../gcp/rest.ts';
import type { LogEntry } from './entry.ts';
import { readLog } from './read-log.ts';
import { unwrapEntry } from './unwrap.ts';

export interface SourceOptions extends Place {
  /** Calls Google's APIs. @default Google's own client, which finds credentials */
  callGoogle?: Call | undefined;
  stdin: Readable;
  sinceMs: number;
  untilMs: number;
}

/**
 * Reads the entries of files, of stdin (`-`) and of deployed functions. Names that are not files are functions: of
 * Google Cloud if a project is set, otherwise of AWS.
 */
export async function* readSources(
  sources: readonly string[],
  options: SourceOptions,
): AsyncIterable<LogEntry> {
  for (const source of sources) {
    if (isFile(source)) {
      yield* readLog(source, options.stdin);
    } else if (options.project !== undefined) {
      yield* ofGoogle(source, options);
    } else {
      yield* ofAws(source, options);
    }
  }
}

/** A name with a dot or a slash that is not a log group must be a file. */
export function isFile(source: string): boolean {
  return source === '-' || existsSync(source) || /\.(jsonl?|log|txt|csv|gz|ndjson)$/i.test(source);
}

async function* ofGoogle(name: string, options: SourceOptions): AsyncIterable<LogEntry> {
  // All functions are in the same place; `name` is set so that no option renames them.
  const place = resolvePlace({ ...options, name }, name);
  const fields = ['modelSha256', 'coldpress'];
  for await (const entry of readGcpLogs(place, { ...options, fields, call: options.callGoogle })) {
    yield* unwrapEntry(entry, { where: `${name}, ${(entry as { insertId?: string }).insertId ?? 'entry'}` });
  }
}

async function* ofAws(name: string, options: SourceOptions): AsyncIterable<LogEntry> {
  const words = ['modelSha256', 'coldpress', 'Runtime Version', 'platform.initStart'];
  const events = readAwsLogs({ ...options, name, words });
  for await (const { message, timeMs, stream, id } of events) {
    yield* unwrapEntry(
      { message, timestamp: timeMs, logStreamName: stream },
      { where: `${name}, event ${id}` },
    );
  }
}
