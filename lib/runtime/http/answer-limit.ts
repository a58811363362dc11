import { cloudRunPayloadBytes } from '../../contract/platforms.ts';
import type { AnswerLimit } from '../answer-limit.ts';
import { heapLimitBytes } from '../platform/heap.ts';
import { isCompressible } from './compress.ts';
import type { HttpPlatform, HttpRequest } from './types.ts';

/** Zeros become a thousandth; an answer that is worth its making, an eighth at best. */
const compressedShare = 8;
/** Text is in the heap twice while its parts are joined. */
const heapShare = 4;
/** Half of the longest string that V8 makes. */
const mostCharacters = 2 ** 28;

/** How much text is made of a model's outputs: what the platform carries, and as much as becomes that when compressed. */
export function answerLimit({
  request,
  platform,
}: {
  request: HttpRequest;
  platform: HttpPlatform;
}): AnswerLimit {
  const { name, compresses, maxResponseBytes } = platform;
  if (!(compresses && isCompressible(request)) && maxResponseBytes <= cloudRunPayloadBytes) {
    return { mostBytes: () => maxResponseBytes, who: `${name} carries` };
  }
  return {
    mostBytes: () =>
      Math.max(
        Math.min(maxResponseBytes, cloudRunPayloadBytes),
        Math.min(
          ...[compressedShare * maxResponseBytes, mostCharacters, Math.floor(heapLimitBytes() / heapShare)],
        ),
      ),
    who: 'this function has memory for',
  };
}
