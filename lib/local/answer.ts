import { fromFunctionAnswer } from './function-url-response.ts';
import type { Engine } from './host-engine.ts';
import type { Invocation } from './invocation.ts';
import type { Exception } from './log/exception.ts';
import type { Delivery } from './log/split-log.ts';
import type { NodeChoice } from './node.ts';
import { readBytes } from './read-bytes.ts';
import type { Report } from './report.ts';
import type { Sample } from './samples.ts';
import type { TimedPhase } from './server-timing.ts';

/** The result of one cold invocation of an artifact. */
export interface InvokeResult {
  /** Present if the answer is an HTTP response. */
  statusCode?: number;
  headers?: Record<string, string | string[]>;
  /** The body or payload: parsed if it is JSON, otherwise text, or base64 if it is binary. */
  answer: unknown;
  isBase64Encoded?: true;
  /** The function failed; `answer` is Lambda's `{ errorType, errorMessage, trace? }`. */
  functionError?: 'Unhandled';
  /** The sample that was scored, if nothing else was passed. */
  sample?: Sample;
  /** What its sinks received, or would receive. */
  deliveries?: Delivery[];
  /** What the user's code threw, with places in its source files. `logs` has the places in the bundle. */
  exceptions?: Exception[];
  phases: Phases;
  runtimeClient: string;
  node: NodeChoice;
  /** Whose native files were used; `note` says why they were not the artifact's. */
  engine: { kind: Engine['kind']; note?: string };
  /** Lambda's REPORT; on other platforms, the fields that they have in common. */
  report: Partial<Report> & Pick<Report, 'durationMs' | 'maxMemoryUsedMb'>;
  logs: string;
}

export interface Phases {
  /** `host`: measured with this machine's build of the engine, not with the artifact's. */
  engine: Engine['kind'];
  /** From the process's start to its first `/next`. */
  initMs: number;
  /** From sending the event to the end of the answer. */
  answerMs: number;
  totalMs: number;
  /** Measured by the function itself, from its Server-Timing header. */
  inside: TimedPhase[];
}

export type Answer = Pick<
  InvokeResult,
  'statusCode' | 'headers' | 'answer' | 'isBase64Encoded' | 'functionError'
>;

/** Reads a function's answer, HTTP or not. */
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
