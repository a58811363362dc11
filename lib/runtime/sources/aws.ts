import { direct } from './direct.ts';
import { httpV2 } from './http-v2.ts';
import type { Source } from './source.ts';

/** Every kind of event that Lambda brings, the most specific first; the last takes what no other knows. */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
export const awsSources: Source<any>[] = [httpV2, direct];
