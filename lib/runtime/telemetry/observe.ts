import type { Manifest } from '../../contract/manifest.ts';
import { now } from '../clock.ts';
import type { Watch } from '../counting/watch.ts';
import type { Model } from '../open-model.ts';
import type { Invocation } from '../platform/invocation.ts';
import { afterAnswer } from './after-answer.ts';
import { driftLine } from './drift-line.ts';
import type { FormatLine, Observation } from './observation.ts';

export type Observe = (
  invocation: Invocation,
  source: string,
  work: {
    event: unknown;
    run: () => Promise<unknown>;
    /** Whether `run` returns the answer for Lambda's runtime client to send. @default `run` has sent it */
    returnsAnswer?: boolean;
  },
) => Promise<unknown>;

/**
 * Wraps invocations so that each writes one line of JSON after its answer.
 * @param format - the platform's own format
 * @param write - receives the line with its line end
 * @param watch - its counts are added to the line
 */
export function observer(
  model: Model<Manifest>,
  {
    format,
    watch,
    write,
    env,
  }: {
    format: FormatLine;
    watch: Pick<Watch, 'take'>;
    write: (line: string) => void;
    env: NodeJS.ProcessEnv;
  },
): Observe {
  const { telemetry, name, model: facts, versions, engine } = model.manifest;
  if (telemetry === false) {
    return (_invocation, _source, { run }) => run();
  }
  let cold = true;
  const { namespace } = telemetry;
  return async (invocation, source, { event, run, returnsAnswer }) => {
    const wasCold = cold;
    cold = false;
    const start = now();
    let outcome: { status?: number; error?: string } = {};
    let result: unknown;
    try {
      result = await run();
      outcome = statusOf(result);
      return result;
    } catch (error) {
      outcome = { error: error instanceof Error ? error.name : typeof error };
      throw error;
    } finally {
      const latencyMs = round(now() - start);
      // The caller waits for none of this.
      const report = () => {
        const observation: Observation = {
          source,
          requestId: invocation.requestId,
          ...invocation.tally,
          ...outcome,
          latencyMs,
          cold: wasCold,
          ...(wasCold && {
            phases: mapValues(model.phases, round),
            versions: {
              ...versions,
              node: process.versions.node,
              // A compiled model does not use ONNX Runtime.
              ...(engine.name === 'compiled' && { onnxruntime: undefined }),
            },
          }),
          model: name,
          modelSha256: facts.sha256,
          traceId: invocation.trace?.traceId,
          ...(telemetry.bodies && { event }),
        };
        const [drift, ...more] = watch.take();
        write(`${format({ ...observation, drift }, { name, namespace, env })}\n`);
        for (const part of more) {
          write(`${driftLine(observation, part, Date.now())}\n`);
        }
      };
      if (returnsAnswer === true) {
        afterAnswer(result, report);
      } else {
        report();
      }
    }
  };
}

function statusOf(result: unknown): { status?: number } {
  const status = (result as { statusCode?: unknown } | undefined | null)?.statusCode;
  return typeof status === 'number' ? { status } : {};
}

function mapValues(object: object, map: (value: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
