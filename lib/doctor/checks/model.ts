import { ColdpressError } from '../../errors.ts';
import { inspectModel } from '../../model/inspect.ts';
import type { Finding } from '../pain.ts';

/** What keeps a model from running; what it is, where it is none. */
export async function checkModel(path: string, where = path): Promise<Finding[]> {
  try {
    const { obstacles, targets } = await inspectModel(path);
    // What is wrong with the model is wrong for every target; what is too large is so for each by itself.
    const tooLarge = targets.flatMap(({ reasons }) => reasons).filter(({ code }) => code === 'OVER_BUDGET');
    return [...obstacles, ...tooLarge.slice(0, 1)].map(obstacle => ofCode(obstacle, where));
  } catch (error) {
    if (error instanceof ColdpressError) {
      return [ofCode(error, where)];
    }
    throw error;
  }
}

/** A failure that coldpress itself has told of. */
export function ofCode(
  { code, message, hint }: { code: string; message: string; hint?: string | undefined },
  where: string,
): Finding {
  return {
    id: code,
    where,
    evidence: message,
    cause: message,
    fix: hint ?? 'See the page of the error.',
    link: `docs/errors.md#${code}`,
  };
}
