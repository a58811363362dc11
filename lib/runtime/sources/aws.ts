import { batch } from './batch.ts';
import { eventBridge } from './eventbridge.ts';
import { httpAlb } from './http-alb.ts';
import { httpV1 } from './http-v1.ts';
import { httpV2 } from './http-v2.ts';
import { s3 } from './s3.ts';
import { sns } from './sns.ts';
import type { Source } from './source.ts';
import { sqs } from './sqs.ts';

/** The events that most functions get, the most specific first; `others.ts` has the rest. */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
export const commonSources: Source<any>[] = [httpV2, httpAlb, httpV1, sqs, sns, s3, eventBridge, batch];
