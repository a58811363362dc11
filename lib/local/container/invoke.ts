import { ColdpressError } from '../../errors.ts';
import type { InvokeResult } from '../answer.ts';
import type { Question } from '../question.ts';
import { requestOf, requestOnce } from '../request-once.ts';
import { type ContainerOptions, startContainer } from './start.ts';

/**
 * Sends one request to a container artifact.
 * @throws ColdpressError OPTION_CONFLICT
 */
export async function invokeContainer(
  dir: string,
  { event, input, record, ...options }: Omit<ContainerOptions, 'port'> & Question,
): Promise<InvokeResult> {
  if (event !== undefined) {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      `--event cannot be used with a container, which accepts requests`,
      {
        hint: '--record is a record, --input the body of an inference request; for others, `coldpress serve` and curl',
      },
    );
  }
  const start = (keep: (text: string) => void) =>
    startContainer(dir, {
      ...options,
      onLog(text) {
        keep(text);
        options.onLog?.(text);
      },
      port: 0,
    });
  return requestOnce(start, name => requestOf(name, { input, record }), options);
}
