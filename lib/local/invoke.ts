import { ColdpressError } from '../errors.ts';
import { toFunctionUrlEvent } from './function-url.ts';
import { fromFunctionAnswer } from './function-url-response.ts';
import { invokeGcf } from './gcf/invoke.ts';
import { gcfManifest } from './gcf/target-of.ts';
import type { Engine } from './host-engine.ts';
import type { Invocation } from './invocation.ts';
import { startLambda } from './lambda.ts';
import type { LambdaOptions } from './lambda-options.ts';
import type { NodeChoice } from './node.ts';
import { readBytes } from './read-bytes.ts';
import type { Report } from './report.ts';
import { parseServerTiming, type TimedPhase } from './server-timing.ts';

export interface InvokeOptions extends LambdaOptions {
  /** JSON: the event, as it is. Without it and `input` the function is asked for its model's metadata, over HTTP. */
  event?: string | undefined;
  /** JSON: an Open Inference Protocol V2 request, sent as a Function URL would. Not together with `event`. */
  input?: string | undefined;
}

export interface InvokeResult {
  /** Where the function answered as one answers HTTP. */
  statusCode?: number;
  headers?: Record<string, string | string[]>;
  /** The body or the payload: parsed where it is JSON, else text, or base64 of what is no text. */
  answer: unknown;
  isBase64Encoded?: true;
  /** The function failed; `answer` is Lambda's `{ errorType, errorMessage, trace? }`. */
  functionError?: 'Unhandled';
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

/**
 * Invokes the artifact in `dir` once, cold.
 * @throws ColdpressError `EVENT_INVALID`, `OPTION_CONFLICT`, and what `startLambda` throws; a failure of the function
 * is no error but a result
 */
export async function invokeOnce(dir: string, options: InvokeOptions): Promise<InvokeResult> {
  const { event, input, ...lambdaOptions } = options;
  if (event !== undefined && input !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', '--event and --input were both given', {
      hint: '--event is the event as it is; --input is the body of an inference request.',
    });
  }
  if (input !== undefined || event !== undefined) {
    checkJson(input ?? event!, input === undefined ? 'event' : 'input');
  }
  const gcf = await gcfManifest(dir);
  if (gcf !== undefined) {
    return invokeGcf(dir, gcf, options);
  }
  const lambda = await startLambda(dir, lambdaOptions);
  try {
    const { name } = lambda.manifest;
    const payload = event ?? (input === undefined ? metadataEvent(name) : inferenceEvent(name, input));
    const invocation = await lambda.invoke(Buffer.from(payload));
    const { kind } = lambda.engine;
    const answer = readAnswer(invocation);
    return {
      ...answer,
      phases: phasesOf(invocation, kind, answer.headers),
      runtimeClient: lambda.runtimeClient,
      node: lambda.node,
      engine: lambda.engine.kind === 'host' ? { kind, note: lambda.engine.note } : { kind },
      report: invocation.report,
      logs: invocation.logs,
    };
  } finally {
    await lambda.close();
  }
}

/** @throws ColdpressError `EVENT_INVALID` */
export function checkJson(text: string, name: string) {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new ColdpressError('EVENT_INVALID', `the ${name} is not JSON: ${(cause as Error).message}`, {
      hint: 'it is one JSON document, as the platform or a client would send it',
      cause,
    });
  }
}

/** The Function URL event that asks for an inference. */
export function inferenceEvent(model: string, input: string): string {
  return httpEvent({ method: 'POST', url: `${modelPath(model)}/infer`, body: Buffer.from(input) });
}

function metadataEvent(model: string): string {
  return httpEvent({ method: 'GET', url: modelPath(model), body: Buffer.alloc(0) });
}

/** https://github.com/open-inference/open-inference-protocol: below it a model is asked, by itself it tells its metadata. */
export function modelPath(model: string): string {
  return `/v2/models/${encodeURIComponent(model)}`;
}

function httpEvent(request: { method: string; url: string; body: Buffer }): string {
  const event = toFunctionUrlEvent({
    ...request,
    headers: { host: 'localhost', 'content-type': 'application/json', 'user-agent': 'coldpress' },
    sourceIp: '127.0.0.1',
    now: new Date(),
  });
  return JSON.stringify(event);
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

function phasesOf(
  { initMs = 0, answerMs }: Invocation,
  engine: Engine['kind'],
  headers: InvokeResult['headers'],
): Phases {
  const inside = parseServerTiming(String(headers?.['server-timing'] ?? ''));
  return { engine, initMs, answerMs, totalMs: initMs + answerMs, inside };
}
