import { openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { lambdaPayloadBytes } from '../contract/platforms.ts';
import { groupDigits } from '../counted.ts';
import { ColdpressError } from '../errors.ts';
import { type InvokeResult, type Phases, readAnswer } from './answer.ts';
import { invokeContainer } from './container/invoke.ts';
import { invokeGcf } from './gcf/invoke.ts';
import type { Engine } from './host-engine.ts';
import type { Invocation } from './invocation.ts';
import { startLambda } from './lambda.ts';
import type { LambdaOptions } from './lambda-options.ts';
import { exceptionsIn } from './log/exception.ts';
import { frameReader } from './log/frames.ts';
import { deliveriesIn } from './log/split-log.ts';
import { checkQuestion, payloadOf, type Question } from './question.ts';
import { firstSample } from './samples.ts';
import { parseServerTiming } from './server-timing.ts';

export type InvokeOptions = LambdaOptions & Question;

/**
 * Invokes the artifact in `dir` once, cold. Without an event, input or record it scores the artifact's first sample.
 * @throws ColdpressError EVENT_INVALID, OPTION_CONFLICT, and the errors of `openArtifact` and the platform's start; a
 * failure of the function is a result, not an error
 */
export async function invokeOnce(dir: string, options: InvokeOptions): Promise<InvokeResult> {
  const { event, input, record, ...lambdaOptions } = options;
  checkQuestion({ event, input, record });
  const { target } = openArtifact(dir).manifest;
  if (event !== undefined || input !== undefined || record !== undefined) {
    return invokeAs(target, dir, { event, input, record }, lambdaOptions);
  }
  const sample = await firstSample(dir);
  const question = sample && { record: { text: JSON.stringify(sample.record) } };
  const result = await invokeAs(target, dir, { ...question }, lambdaOptions);
  return { ...result, ...(sample && { sample }) };
}

async function invokeAs(
  target: Manifest['target'],
  dir: string,
  question: Question,
  options: LambdaOptions,
): Promise<InvokeResult> {
  const result = await invokeOn(target, dir, { ...options, ...question });
  const deliveries = deliveriesIn(result.logs);
  const exceptions = exceptionsIn(result.logs, frameReader(dir, options.host.cwd));
  return {
    ...result,
    ...(deliveries.length > 0 && { deliveries }),
    ...(exceptions.length > 0 && { exceptions }),
  };
}

function invokeOn(
  target: Manifest['target'],
  dir: string,
  options: LambdaOptions & Question,
): Promise<InvokeResult> {
  switch (target) {
    case 'aws-lambda':
      return invokeLambda(dir, options);
    case 'gcf':
      return invokeGcf(dir, options);
    default:
      return invokeContainer(dir, options);
  }
}

async function invokeLambda(dir: string, options: LambdaOptions & Question): Promise<InvokeResult> {
  const { event, input, record } = options;
  const lambda = await startLambda(dir, options);
  try {
    const { name } = lambda.manifest;
    const payload = Buffer.from(payloadOf(name, { event, input, record }));
    checkSize(payload);
    const invocation = await lambda.invoke(payload);
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

/** Lambda refuses a larger event before the function sees it. @throws ColdpressError EVENT_INVALID */
function checkSize({ length }: Buffer): void {
  const limit = lambdaPayloadBytes.request;
  if (length > limit) {
    throw new ColdpressError(
      'EVENT_INVALID',
      `the event has ${groupDigits(length)} bytes; AWS Lambda accepts at most ${groupDigits(limit)}`,
      { hint: 'send fewer records at once, or score files: npx coldpress batch DIR FILE OUT' },
    );
  }
}

function phasesOf(
  { initMs = 0, answerMs }: Invocation,
  engine: Engine['kind'],
  headers: InvokeResult['headers'],
): Phases {
  const inside = parseServerTiming(String(headers?.['server-timing'] ?? ''));
  return { engine, initMs, answerMs, totalMs: initMs + answerMs, inside };
}
