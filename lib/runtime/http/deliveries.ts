import { json } from './respond.ts';
import type { HttpRequest, HttpResponse } from './types.ts';

/** A service that is set to deliver by HTTP: the header that it marks each request with, and what to do in its place. */
const deliveries = [
  ['x-amz-sns-message-type', 'Amazon SNS', 'subscribe the function itself, or a queue that it reads'],
  ['x-amz-firehose-request-id', 'Amazon Data Firehose', 'make the function a transformation of the stream'],
] as const;

/**
 * Refuses what a service delivers and reads no answer of: its results would be lost, and its envelope be scored as a record.
 * SNS takes a 400 for final, and Firehose backs up what it does not get its own form of answer for.
 * https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 */
export function refuseDelivery({ headers }: HttpRequest): HttpResponse | undefined {
  const found = deliveries.find(([header]) => headers[header] !== undefined);
  if (found === undefined) {
    return undefined;
  }
  const [header, service, advice] = found;
  const error = `this is a delivery of ${service}, which drops the answer: ${advice}`;
  const isFirehose = header === 'x-amz-firehose-request-id';
  return json(400, {
    error,
    ...(isFirehose && { errorMessage: error, requestId: headers[header], timestamp: Date.now() }),
  });
}
