/** The records of an SQS event, with a body of JSON each. */
export function sqsRecords(bodies: readonly unknown[]) {
  return bodies.map((body, index) => ({
    messageId: String(index),
    receiptHandle: 'r',
    body: JSON.stringify(body),
    attributes: {},
    messageAttributes: {},
    eventSource: 'aws:sqs',
    awsRegion: 'eu-west-1',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:rows',
  }));
}
