import { gunzipSync } from 'node:zlib';
import { isObject } from '../../contract/is-object.ts';
import type { LogEntry } from './entry.ts';

type Facts = Omit<LogEntry, 'content'>;
type Json = Record<string, unknown>;

/** Far more than a subscription delivers: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const maxOutputLength = 64 * 1024 * 1024;

/** A way in which a tool wraps a function's output. */
interface Wrapping {
  matches(value: Json): boolean;
  open(value: Json, facts: Facts): Iterable<LogEntry>;
}

/** The first match is unwrapped, and then its content. */
const wrappings: readonly Wrapping[] = [
  // The event of a subscription: https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html
  {
    matches: ({ awslogs }) => isObject(awslogs) && typeof awslogs.data === 'string',
    *open({ awslogs }, facts) {
      const data = Buffer.from((awslogs as { data: string }).data, 'base64');
      yield* unwrap(JSON.parse(gunzipSync(data, { maxOutputLength }).toString()), facts);
    },
  },
  // The payload of a subscription, and the response of GetLogEvents and FilterLogEvents.
  list('logEvents'),
  list('events'),
  // The response of Logs Insights: rows of fields.
  {
    matches: ({ results }) => Array.isArray(results) && results.every(Array.isArray),
    *open({ results }, facts) {
      for (const row of results as { field?: unknown; value?: unknown }[][]) {
        yield* unwrap(Object.fromEntries(row.map(({ field, value }) => [String(field), value])), facts);
      }
    },
  },
  // A row of Logs Insights as exported by its console.
  {
    matches: value => '@message' in value,
    open: (value, facts) =>
      unwrapText(value['@message'], {
        ...facts,
        ...timeOf(value['@timestamp']),
        ...lambdaVersion(value['@logStream']),
      }),
  },
  // The response of entries.list, and a LogEntry:
  // https://docs.cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
  list('entries'),
  {
    matches: ({ jsonPayload, textPayload, logName, insertId }) =>
      (logName ?? insertId) !== undefined && (jsonPayload ?? textPayload) !== undefined,
    open: ({ jsonPayload, textPayload, timestamp, resource }, facts) =>
      unwrapText(jsonPayload ?? textPayload, {
        ...facts,
        ...timeOf(timestamp),
        ...cloudRunRevision(resource),
      }),
  },
  // A log event of CloudWatch.
  {
    matches: ({ message, timestamp }) => typeof message === 'string' && typeof timestamp === 'number',
    open: ({ message, timestamp, logStreamName }, facts) =>
      unwrapText(message, { ...facts, ...timeOf(timestamp), ...lambdaVersion(logStreamName) }),
  },
];

/**
 * Finds the entries in one line or event. A score may log what callers send, so that anything can be in it: what cannot
 * be unwrapped is text.
 */
export function unwrapEntry(value: unknown, facts: Facts): LogEntry[] {
  try {
    return [...unwrapText(value, facts)];
  } catch {
    return [{ ...facts, content: typeof value === 'string' ? value : 'not a log entry' }];
  }
}

/** Finds the entries in a JSON value, at any depth. */
export function* unwrap(value: unknown, facts: Facts): Iterable<LogEntry> {
  if (Array.isArray(value)) {
    for (const item of value) {
      yield* isObject(item) || Array.isArray(item) ? unwrapEntry(item, facts) : unwrap(item, facts);
    }
    return;
  }
  if (!isObject(value)) {
    yield { ...facts, content: String(value) };
    return;
  }
  const wrapping = wrappings.find(({ matches }) => matches(value));
  if (wrapping === undefined) {
    yield { ...facts, ...ownTime(value), content: value };
  } else {
    yield* wrapping.open(value, facts);
  }
}

/** Unwraps a message, which may be JSON after the prefix of the tool that printed it. */
export function unwrapText(message: unknown, facts: Facts): Iterable<LogEntry> {
  if (typeof message !== 'string') {
    return unwrap(message, facts);
  }
  const from = /^\s*\[?\s*\{/.test(message) ? 0 : message.indexOf('{');
  const prefix = from < 0 ? message : message.slice(0, from);
  const stamped = {
    ...timeOf(/^\s*(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))/.exec(prefix)?.[1]),
    ...facts,
  };
  const known = { ...stamped, ...lambdaVersion(prefix) };
  try {
    const value: unknown = JSON.parse(from < 0 ? message : message.slice(from));
    return unwrap(value, known);
  } catch {
    return [{ ...known, content: message }];
  }
}

function list(key: string): Wrapping {
  return {
    matches: value => Array.isArray(value[key]) && (value[key] as unknown[]).every(isObject),
    *open(value, facts) {
      yield* unwrap(value[key], { ...facts, ...lambdaVersion(value.logStream) });
    },
  };
}

/** The time in a telemetry line itself. */
function ownTime({ _aws, timestamp, time }: Json): { timeMs?: number } {
  return timeOf(isObject(_aws) ? _aws.Timestamp : (timestamp ?? time));
}

function timeOf(time: unknown): { timeMs?: number } {
  if (typeof time === 'number') {
    return { timeMs: time };
  }
  // Logs Insights prints times in UTC without saying so.
  const text = typeof time === 'string' ? time.replace(/^(\d{4}-\d\d-\d\d) ([\d:.]+)$/, '$1T$2Z') : '';
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? {} : { timeMs };
}

/** `2026/11/28/[7]0123…`, or `2026/11/28/churn[7]0123…` in a log group that functions share. */
function lambdaVersion(stream: unknown): { version?: string } {
  const version = typeof stream === 'string' ? /\[([\w$]+)\]/.exec(stream)?.[1] : undefined;
  return version === undefined ? {} : { version };
}

function cloudRunRevision(resource: unknown): { version?: string } {
  const labels = isObject(resource) ? resource.labels : undefined;
  const revision = isObject(labels) ? labels.revision_name : undefined;
  return typeof revision === 'string' ? { version: revision } : {};
}
