import { openArtifact } from '../artifact.ts';
import { ColdpressError } from '../errors.ts';
import { type InvokeResult, type Phases, readAnswer } from './answer.ts';
import { invokeContainer } from './container/invoke.ts';
import { invokeGcf } from './gcf/invoke.ts';
import type { Engine } from './host-engine.ts';
import type { Invocation } from './invocation.ts';
import { startLambda } from './lambda.ts';
import type { LambdaOptions } from './lambda-options.ts';
import { checkJson, inferenceEvent, metadataEvent } from './model-request.ts';
import { parseServerTiming } from './server-timing.ts';

export interface InvokeOptions extends LambdaOptions {
  /** JSON: the event, as it is. Without it and `input` the function is asked for its model's metadata, over HTTP. */
  event?: string | undefined;
  /** JSON: an Open Inference Protocol V2 request, sent as a Function URL would. Not together with `event`. */
  input?: string | undefined;
}

/**
 * Invokes the artifact in `dir` once, cold.
 * @throws ColdpressError EVENT_INVALID, OPTION_CONFLICT, and what `openArtifact` and the platform's start throw; a failure of the function
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
  const { target } = openArtifact(dir).manifest;
  if (target !== 'aws-lambda') {
    return target === 'gcf' ? invokeGcf(dir, options) : invokeContainer(dir, options);
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

function phasesOf(
  { initMs = 0, answerMs }: Invocation,
  engine: Engine['kind'],
  headers: InvokeResult['headers'],
): Phases {
  const inside = parseServerTiming(String(headers?.['server-timing'] ?? ''));
  return { engine, initMs, answerMs, totalMs: initMs + answerMs, inside };
}
