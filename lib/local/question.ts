import { ColdpressError } from '../errors.ts';
import { checkJson, inferenceEvent, metadataEvent, type RecordBody, recordEvent } from './model-request.ts';

/** What a function is invoked with: at most one of these; without any it is the request for the model's metadata. */
export interface Question {
  /** JSON: the event, unchanged. */
  event?: string | undefined;
  /** JSON: an Open Inference Protocol V2 request, sent as a Function URL would. */
  input?: string | undefined;
  /** A record or several, sent as a Function URL would. */
  record?: RecordBody | undefined;
}

/** @throws ColdpressError EVENT_INVALID, OPTION_CONFLICT */
export function checkQuestion({ event, input, record }: Question): void {
  const given = Object.entries({ event, input, record }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      `${given.map(([name]) => `--${name}`).join(' and ')} cannot be combined`,
      {
        hint: '--event is the event, unchanged; --input is an inference request; --record is a record or several',
      },
    );
  }
  const isJson = record?.contentType === undefined;
  const text = event ?? input ?? (isJson ? record?.text : undefined);
  if (text !== undefined) {
    checkJson(text, given[0]![0]);
  }
}

/** What a function is sent on Lambda; all but an event as a Function URL sends it. */
export function payloadOf(name: string, { event, input, record }: Question): string {
  if (event !== undefined) {
    return event;
  }
  return record === undefined
    ? input === undefined
      ? metadataEvent(name)
      : inferenceEvent(name, input)
    : recordEvent(record);
}
