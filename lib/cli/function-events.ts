import { counted } from '../counted.ts';
import { formatFrame } from '../local/log/explain.ts';
import type { FunctionEvent } from '../local/log/function-log.ts';
import type { Delivery } from '../local/log/split-log.ts';
import { printable } from '../printable.ts';

/** One or more lines about an event of a served function: `POST / 200 4.7 ms 1 record`. */
export function formatFunctionEvent(event: FunctionEvent): string {
  switch (event.kind) {
    case 'output':
      return event.text;
    case 'delivery':
      return formatDelivery(event);
    case 'exception':
      return [event.message, ...event.frames.map(frame => `    ${formatFrame(frame)}`)].join('\n');
    case 'request': {
      const { method, path, status, ms, records = 0, failures = 0 } = event;
      const scored = records === 0 ? '' : ` ${counted(records, 'record')}`;
      const failed = failures === 0 || records === 1 ? '' : `, ${failures} failed`;
      return `${method} ${printable(path)} ${status} ${ms.toFixed(1)} ms${scored}${failed}`;
    }
  }
}

/** `results -> sqs https://…/results: {"id":…}` */
export function formatDelivery({ purpose, to, body }: Delivery): string {
  return `${purpose} -> ${to}: ${typeof body === 'string' ? `\n${body.trimEnd()}` : JSON.stringify(body)}`;
}
