import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { readAwsLogs } from '../../aws/read-logs.ts';
import { type Place, resolvePlace } from '../../gcp/place.ts';
import { readGcpLogs } from '../../gcp/read-logs.ts';
import type { Call } from '../../gcp/rest.ts';
import type { LogEntry } from './entry.ts';
import { readLog } from './read-log.ts';
import { unwrap } from './unwrap.ts';

export interface SourceOptions extends Place {
  /** How Google's APIs are called. @default by Google's own client, which finds credentials */
  callGoogle?: Call | undefined;
  stdin: Readable;
  sinceMs: number;
  untilMs: number;
}

/**
 * The entries of files, of stdin (`-`) and of deployed functions, which are what no file is named: of Google Cloud, where
 * a project is given, else of AWS.
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

/** A name with a dot or a slash that is not a log group's can only be a file's. */
export function isFile(source: string): boolean {
  return source === '-' || existsSync(source) || /\.(jsonl?|log|txt|csv|gz|ndjson)$/i.test(source);
}

async function* ofGoogle(name: string, options: SourceOptions): AsyncIterable<LogEntry> {
  // Those of a second name are of the first's place, and no option renames them.
  const place = resolvePlace({ ...options, name }, name);
  const fields = ['modelSha256', 'coldpress'];
  for await (const entry of readGcpLogs(place, { ...options, fields, call: options.callGoogle })) {
    yield* unwrap(entry, { where: `${name}, ${(entry as { insertId?: string }).insertId ?? 'entry'}` });
  }
}

async function* ofAws(name: string, options: SourceOptions): AsyncIterable<LogEntry> {
  const words = ['modelSha256', 'coldpress', 'Runtime Version', 'platform.initStart'];
  const events = readAwsLogs({ ...options, name, words });
  for await (const { message, timeMs, stream, id } of events) {
    yield* unwrap({ message, timestamp: timeMs, logStreamName: stream }, { where: `${name}, event ${id}` });
  }
}
