import { ColdpressError } from '../../errors.ts';
import { inspectModel } from '../../model/inspect.ts';
import type { Finding } from '../pain.ts';

/** Finds what prevents a model from running, or why a file is not a model. */
export async function checkModel(path: string, where = path): Promise<Finding[]> {
  try {
    const { obstacles, targets } = await inspectModel(path);
    // Obstacles concern all targets. Size concerns each target, but is reported only once.
    const tooLarge = targets.flatMap(({ reasons }) => reasons).filter(({ code }) => code === 'OVER_BUDGET');
    return [...obstacles, ...tooLarge.slice(0, 1)].map(obstacle => ofCode(obstacle, where));
  } catch (error) {
    if (error instanceof ColdpressError) {
      return [ofCode(error, where)];
    }
    throw error;
  }
}

/** The finding for a failure that coldpress itself reports. */
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
