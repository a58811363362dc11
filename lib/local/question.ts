import { ColdpressError } from '../errors.ts';
import { checkJson, inferenceEvent, metadataEvent, type RecordBody, recordEvent } from './model-request.ts';

/** The input of an invocation: at most one of these. Without any, it is a request for the model's metadata. */
export interface Question {
  /** An event in JSON, passed unchanged. */
  event?: string | undefined;
  /** An Open Inference Protocol V2 request in JSON, sent as a Function URL does. */
  input?: string | undefined;
  /** One or more records, sent as a Function URL does. */
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

/** The payload on Lambda. Everything except an event is sent as a Function URL does. */
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
