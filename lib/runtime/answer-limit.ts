import { type Datatype, datatypes } from '../contract/datatypes.ts';
import { RequestError } from './errors.ts';
import { toJsonData } from './tensor/encode.ts';
import type { InferOutput } from './tensor/types.ts';

/** The size limit of an answer made from a model's outputs. */
export interface AnswerLimit {
  /** Returns the limit; called only if the answer might be too large. */
  mostBytes(): number;
  /** The subject that completes "more than", such as `AWS Lambda carries`. */
  subject: string;
}

/** The facts known about an output before its text is made. */
export interface AnswerPart {
  datatype: Datatype;
  elements: number;
  /** Whether it is sent as raw bytes. @default false */
  isBinary?: boolean;
}

/** Every limit is at least this large. */
const surelySmall = 2 ** 16;

/** Elements converted to text in one turn of the event loop, which takes a few milliseconds. */
const turnElements = 2 ** 15;

/** @throws RequestError 413 RESPONSE_SIZE if the outputs exceed the limit whatever their values are */
export function checkParts(parts: Iterable<AnswerPart>, limit: AnswerLimit): void {
  const meter = startMeter(limit);
  for (const part of parts) {
    meter.add(part.elements * leastBytes(part));
  }
}

/** Returns the fewest bytes of an element, including the comma. */
function leastBytes({ datatype, isBinary = false }: AnswerPart): number {
  const { array, json } = datatypes[datatype];
  if (isBinary) {
    return array?.BYTES_PER_ELEMENT ?? 4;
  }
  return json === 'boolean' ? 'true,'.length : json === 'string' ? '"",'.length : '0,'.length;
}

export type AnswerMeter = ReturnType<typeof startMeter>;

/** Adds up the bytes of an answer while it is being written. */
export function startMeter(limit: AnswerLimit) {
  let total = 0;

  /** @throws RequestError 413 RESPONSE_SIZE */
  function add(bytes: number): void {
    total += bytes;
    if (total > surelySmall && total > limit.mostBytes()) {
      throw answerTooLarge(
        `at least ${Math.round(total)} bytes, more than ${limit.subject} (${limit.mostBytes()})`,
      );
    }
  }

  /**
   * Passes on an output's elements as JSON text without brackets, in parts that each take one turn of the event loop.
   * @throws RequestError 413 RESPONSE_SIZE as soon as the limit is exceeded
   */
  async function write({ datatype, data }: InferOutput, pass: (text: string) => void): Promise<void> {
    if (Array.isArray(data)) {
      add(data.reduce((sum, text) => sum + text.length, 0));
    }
    for (let start = 0; start < data.length; start += turnElements) {
      if (start > 0) {
        await new Promise(setImmediate);
      }
      const slice = data.slice(start, start + turnElements);
      const text = JSON.stringify(toJsonData(datatype, slice)).slice(1, -1);
      add(text.length);
      pass(start > 0 ? `,${text}` : text);
    }
  }

  return { add, write };
}

/** @param size - `7000000 bytes, more than AWS Lambda carries (6291556)` */
export function answerTooLarge(size: string): RequestError {
  const advice = 'send fewer records, or request fewer outputs or binary_data';
  return new RequestError(413, 'RESPONSE_SIZE', `the answer has ${size}: ${advice}`);
}
