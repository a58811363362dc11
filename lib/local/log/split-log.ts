/** A delivery to another service that was replaced, or one that went to the log. */
export interface Delivery {
  purpose: 'results' | 'failures';
  /** `sqs https://sqs.…/results` */
  to: string;
  /** The record's body, or an object's text. */
  body: unknown;
}

/** An entry of a function's log; the platform's own lines are left out. */
export type LogEntry =
  | { kind: 'text'; text: string }
  | ({ kind: 'delivery' } & Delivery)
  /** The line that each invocation writes. */
  | { kind: 'telemetry'; requestId: string; records: number; failures: number };

const platformLine = /^(?:(?:START|END|REPORT) RequestId: |INIT_REPORT )/;
/** The prefix of Lambda's text format, in which line feeds of the text are carriage returns. */
const lambdaText = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t\S+\t(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t(.*)$/s;

/** Reads complete lines of a log of any platform. Consecutive lines without a prefix are one text. */
export function splitLog(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  let plain: string[] = [];
  const takePlain = () => {
    if (plain.length > 0) {
      entries.push({ kind: 'text', text: plain.join('\n') });
    }
    plain = [];
  };
  for (const line of text.split('\n')) {
    const headed = lambdaText.exec(line)?.[1];
    const structured = parseStructured(line);
    if (headed !== undefined) {
      takePlain();
      entries.push({ kind: 'text', text: headed.replaceAll('\r', '\n') });
    } else if (structured !== undefined) {
      takePlain();
      entries.push(...structured);
    } else if (platformLine.test(line)) {
      takePlain();
    } else {
      plain.push(line);
    }
  }
  takePlain();
  return entries;
}

/** @returns `undefined` for a line that is not from coldpress */
function parseStructured(line: string): LogEntry[] | undefined {
  if (!line.startsWith('{')) {
    return undefined;
  }
  try {
    const { coldpress, ...fields } = JSON.parse(line);
    if (coldpress === 'delivery') {
      return [{ kind: 'delivery', ...fields }];
    }
    if (coldpress === 'result' || coldpress === 'failure') {
      return [
        {
          kind: 'delivery',
          purpose: coldpress === 'result' ? 'results' : 'failures',
          to: 'log',
          body: fields,
        },
      ];
    }
    const { requestId, source, latencyMs, drift, records, failures } = fields;
    if (typeof requestId !== 'string' || typeof source !== 'string') {
      return undefined;
    }
    if (typeof latencyMs === 'number') {
      return [{ kind: 'telemetry', requestId, records: Number(records), failures: Number(failures) }];
    }
    return drift === undefined ? undefined : [];
  } catch {
    return undefined;
  }
}

export function deliveriesIn(log: string): Delivery[] {
  return splitLog(log).flatMap(({ kind, ...entry }) => (kind === 'delivery' ? [entry as Delivery] : []));
}
