import { cloudRunPayloadBytes } from '../../contract/platforms.ts';
import type { AnswerLimit } from '../answer-limit.ts';
import { heapLimitBytes } from '../platform/heap.ts';
import { isCompressible } from './compress.ts';
import type { HttpPlatform, HttpRequest } from './types.ts';

/** Zeros compress to a thousandth of their size, but a useful answer to an eighth at best. */
const compressedShare = 8;
/** Text is in the heap twice while its parts are joined. */
const heapShare = 4;
/** Half the length of V8's longest string. */
const mostCharacters = 2 ** 28;

/** Returns the maximum text of a model's outputs: what the platform carries, or as much as compresses to that. */
export function answerLimit({
  request,
  platform,
}: {
  request: HttpRequest;
  platform: HttpPlatform;
}): AnswerLimit {
  const { name, compresses, maxResponseBytes } = platform;
  if (!(compresses && isCompressible(request)) && maxResponseBytes <= cloudRunPayloadBytes) {
    return { mostBytes: () => maxResponseBytes, subject: `${name} carries` };
  }
  return {
    mostBytes: () =>
      Math.max(
        Math.min(maxResponseBytes, cloudRunPayloadBytes),
        Math.min(
          ...[compressedShare * maxResponseBytes, mostCharacters, Math.floor(heapLimitBytes() / heapShare)],
        ),
      ),
    subject: 'this function has memory for',
  };
}
