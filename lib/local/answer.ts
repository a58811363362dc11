import { fromFunctionAnswer } from './function-url-response.ts';
import type { Engine } from './host-engine.ts';
import type { Invocation } from './invocation.ts';
import type { Delivery } from './log/split-log.ts';
import type { NodeChoice } from './node.ts';
import { readBytes } from './read-bytes.ts';
import type { Report } from './report.ts';
import type { Sample } from './samples.ts';
import type { TimedPhase } from './server-timing.ts';

/** What one cold invocation of an artifact came to. */
export interface InvokeResult {
  /** Where the function answered as one answers HTTP. */
  statusCode?: number;
  headers?: Record<string, string | string[]>;
  /** The body or the payload: parsed where it is JSON, else text, or base64 of what is no text. */
  answer: unknown;
  isBase64Encoded?: true;
  /** The function failed; `answer` is Lambda's `{ errorType, errorMessage, trace? }`. */
  functionError?: 'Unhandled';
  /** The sample that was scored, where nothing else was passed. */
  sample?: Sample;
  /** What its sinks got, or would get. */
  deliveries?: Delivery[];
  phases: Phases;
  runtimeClient: string;
  node: NodeChoice;
  /** Whose native files ran; `note` says why they were not the artifact's. */
  engine: { kind: Engine['kind']; note?: string };
  /** Lambda's REPORT; of it, what any platform has where it is not Lambda. */
  report: Partial<Report> & Pick<Report, 'durationMs' | 'maxMemoryUsedMb'>;
  logs: string;
}

export interface Phases {
  /** `host`: measured on this machine's build of the engine, not on the artifact's. */
  engine: Engine['kind'];
  /** From the process's start to its first `/next`. */
  initMs: number;
  /** From handing the event over to the whole of the answer. */
  answerMs: number;
  totalMs: number;
  /** By the function's own clock, from its Server-Timing header. */
  inside: TimedPhase[];
}

export type Answer = Pick<
  InvokeResult,
  'statusCode' | 'headers' | 'answer' | 'isBase64Encoded' | 'functionError'
>;

/** Reads what a function answered, be it HTTP or not. */
export function readAnswer(
  invocation: Pick<Invocation, 'payload' | 'contentType' | 'functionError'>,
): Answer {
  const { payload, functionError } = invocation;
  if (functionError !== undefined) {
    return { ...readBytes(payload), functionError };
  }
  const direct = readBytes(payload);
  const answersHttp = isHttp(direct.answer) || !invocation.contentType.startsWith('application/json');
  if (!answersHttp) {
    return direct;
  }
  const { statusCode, headers, body } = fromFunctionAnswer(invocation);
  return { statusCode, headers, ...readBytes(body) };
}

function isHttp(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'statusCode' in answer;
}
