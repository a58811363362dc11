import { batch } from './batch.ts';
import { direct } from './direct.ts';
import { dynamoDb } from './dynamodb.ts';
import { eventBridge } from './eventbridge.ts';
import { httpAlb } from './http-alb.ts';
import { httpV1 } from './http-v1.ts';
import { httpV2 } from './http-v2.ts';
import { kinesis } from './kinesis.ts';
import { s3 } from './s3.ts';
import { sns } from './sns.ts';
import type { Source } from './source.ts';
import { sqs } from './sqs.ts';

/** Every kind of event that Lambda brings, the most specific first; the last takes what no other knows. */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
export const awsSources: Source<any>[] = [
  httpV2,
  httpV1,
  httpAlb,
  sqs,
  sns,
  s3,
  kinesis,
  dynamoDb,
  eventBridge,
  batch,
  direct,
];

/** @param event - any JSON value: `null` is a payload, too */
// biome-ignore lint/suspicious/noExplicitAny: of which kind the event is, only its source knows
export function awsSource(event: unknown): Source<any> {
  return awsSources.find(source => source.matches(event ?? {}))!;
}
