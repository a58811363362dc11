import type { Manifest } from '../../contract/manifest.ts';
import { type AnswerLimit, checkParts, startMeter } from '../answer-limit.ts';
import { foreseeOutputs, limitElements } from '../size-bounds.ts';
import type { InferOutput, InferRequest } from '../tensor/types.ts';

/** Sees that the results of a request stay below a limit: before each run where that is known, and after it. */
export type ResultGauge = ReturnType<typeof startResultGauge>;

/** Whatever they are, their text is soon written. */
const fewElements = 2 ** 17;

export function startResultGauge(limit: AnswerLimit, manifest: Manifest) {
  const meter = startMeter(limit);
  const checkElements = limitElements(manifest.http.limits.elements);
  let elements = 0;
  let refusal: unknown;
  /** @throws RequestError 413 */
  const keepRefusal = async (check: () => void | Promise<void>) => {
    try {
      await check();
    } catch (error) {
      refusal = error;
      throw error;
    }
  };
  return {
    /** What was thrown last. */
    refusal: () => refusal,
    foresee: (request: InferRequest) =>
      keepRefusal(() => checkParts(foreseeOutputs(manifest, request), limit)),
    see: (outputs: readonly InferOutput[]) =>
      keepRefusal(async () => {
        elements += outputs.reduce((sum, { data }) => sum + data.length, 0);
        if (elements <= fewElements) {
          return;
        }
        // Nested arrays of them take as much memory as a tensor that an operator makes.
        checkElements('answer', elements);
        for (const output of outputs) {
          checkParts([{ datatype: output.datatype, elements: output.data.length }], limit);
          for await (const _ of meter.write(output)) {
            // Written to be counted.
          }
        }
      }),
  };
}
