/** What would go to another service, or went to the log. */
export interface Delivery {
  purpose: 'results' | 'failures';
  /** `sqs https://sqs.…/results` */
  to: string;
  /** The record's, or an object's text. */
  body: unknown;
}

/** What a function's log has, without the platform's own lines. */
export type LogEntry =
  | { kind: 'text'; text: string }
  | ({ kind: 'delivery' } & Delivery)
  /** The line that each invocation leaves. */
  | { kind: 'telemetry'; requestId: string; records: number; failures: number };

const platformLine = /^(?:(?:START|END|REPORT) RequestId: |INIT_REPORT )/;
/** The head of Lambda's text format, which has carriage returns for the text's own line feeds. */
const lambdaText = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t\S+\t(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t(.*)$/s;

/** Reads whole lines of a log, of any platform. Lines without a head of their own are one text. */
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

/** @returns `undefined` for a line that coldpress did not write */
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
