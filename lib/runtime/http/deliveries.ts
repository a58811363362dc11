import { json } from './respond.ts';
import type { HttpRequest, HttpResponse } from './types.ts';

/** A service that can deliver over HTTP: the header that marks its requests, and what to configure instead. */
const deliveries = [
  ['x-amz-sns-message-type', 'Amazon SNS', 'subscribe the function itself, or a queue that it reads'],
  ['x-amz-firehose-request-id', 'Amazon Data Firehose', 'make the function a transformation of the stream'],
] as const;

/**
 * Rejects deliveries from a service that ignores the answer: the results would be lost, and the envelope scored as a
 * record. SNS treats a 400 as final, and Firehose backs up data if the answer does not have its own format.
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
