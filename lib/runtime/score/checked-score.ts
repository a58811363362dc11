import { failsTogether } from '../../contract/score-log.ts';
import { RequestError } from '../errors.ts';
import type { Score } from './define.ts';
import { classify } from './outcome.ts';

/** A score that can say which errors of a run are its own. */
export type CheckedScore = Score & {
  blame?: (error: unknown) => unknown;
  /** See `BisectOptions`. */
  onTogether?: (error: unknown) => void;
};

/**
 * The user's score with its mistakes named. They are errors of the function, not of the caller.
 * @throws Error if a part of the score is missing or of another kind
 */
export function checkedScore(score: Score | undefined): CheckedScore {
  if (typeof score?.encode !== 'function' || typeof score.decode !== 'function') {
    throw new Error('the score has no encode and decode: export default defineScore({ encode, decode })');
  }
  const { record } = score;
  if (record !== undefined && typeof record?.['~standard']?.validate !== 'function') {
    throw new Error('record of your score is not a Standard Schema, like those of valibot or zod');
  }
  return {
    ...(record && { record }),
    async encode(rows) {
      const tensors = await score.encode(rows);
      if (typeof tensors !== 'object' || tensors === null) {
        throw mistake('encode', `${tensors}; expected an object with a tensor for each input`);
      }
      return tensors;
    },
    async decode(outputs, rows) {
      const results = await score.decode(outputs, rows);
      if (!Array.isArray(results) || results.length !== rows.length) {
        const found = Array.isArray(results) ? `${results.length} results` : typeof results;
        throw mistake(
          'decode',
          `${found}; expected an array with a result for each of ${rows.length} records`,
        );
      }
      return Array.from(results, (result, index) =>
        /^(undefined|function|symbol|bigint)$/.test(typeof result)
          ? mistake('decode', `${typeof result} for record ${index + 1}; expected a JSON value`)
          : result,
      );
    },
    blame: error =>
      error instanceof RequestError &&
      (error.code === 'INPUTS' || /^input(?!.*, element \d)/.test(error.place))
        ? mistake('encode', `other tensors than the model expects: ${error.message}`)
        : error,
    onTogether: togetherLog(),
  };
}

/**
 * Returns a function that logs the first mistake that only batches show: records are still answered, but after many more
 * runs. A `RequestError` is no mistake: records may exceed a limit together, or differ in shape.
 */
function togetherLog(): (error: unknown) => void {
  let isLogged = false;
  return error => {
    if (!isLogged && classify(error) === 'unknown') {
      console.error(failsTogether, error);
      isLogged = true;
    }
  };
}

function mistake(name: 'encode' | 'decode', what: string): Error {
  return new Error(`${name} of your score returned ${what}`);
}
