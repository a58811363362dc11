import type { Manifest } from '../../contract/manifest.ts';
import { type AnswerLimit, checkParts, startMeter } from '../answer-limit.ts';
import { foreseeOutputs } from '../foresee/used.ts';
import { limitElements } from '../size-bounds.ts';
import type { InferOutput, InferRequest } from '../tensor/types.ts';

/** Checks that a request's results stay below a limit: before each run if their size is known then, and after it. */
export type ResultGauge = ReturnType<typeof startResultGauge>;

/** Text for up to this many elements is written quickly, whatever their values. */
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
    /** Returns the last error thrown. */
    refusal: () => refusal,
    foresee: (request: InferRequest) =>
      keepRefusal(() => checkParts(foreseeOutputs(manifest, request), limit)),
    see: (outputs: readonly InferOutput[]) =>
      keepRefusal(async () => {
        elements += outputs.reduce((sum, { data }) => sum + data.length, 0);
        if (elements <= fewElements) {
          return;
        }
        // As nested arrays, they take as much memory as a tensor that an operator creates.
        checkElements('answer', elements);
        for (const output of outputs) {
          checkParts([{ datatype: output.datatype, elements: output.data.length }], limit);
          // Written only to count the bytes.
          await meter.write(output, () => {});
        }
      }),
  };
}
