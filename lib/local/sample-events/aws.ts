import { gzipSync } from 'node:zlib';
import { local } from '../environment.ts';
import { recordEvent } from '../model-request.ts';
import { toAttributes } from './dynamodb-attributes.ts';
import { base64, type SampleEvent, type SampleScope } from './sample-event.ts';

const { region, account } = local;
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const identifier = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const sequence = (index: number) => `4954511523${String(index).padStart(46, '0')}`;

const sqsMessage = (record: unknown, index: number) => ({
  messageId: identifier(index),
  receiptHandle: 'sample',
  body: JSON.stringify(record),
  attributes: { ApproximateReceiveCount: '1' },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: arn('sqs', 'sample'),
  awsRegion: region,
});

const s3Object = (key: string) => ({
  bucket: { name: 'sample-bucket', arn: 'arn:aws:s3:::sample-bucket' },
  object: { key: encodeURIComponent(key).replaceAll('%2F', '/'), size: 1024 },
});

const busEvent = ({ now }: SampleScope, fields: object) => ({
  version: '0',
  id: identifier(0),
  account,
  time: now.toISOString(),
  region,
  resources: [],
  ...fields,
});

/** The client's request as a gateway or load balancer sends it, derived from that of a Function URL. */
function httpRequest({ records }: SampleScope) {
  const text = JSON.stringify(records.length === 1 ? records[0] : records);
  return JSON.parse(recordEvent({ text })) as { headers: Record<string, string>; body: string };
}

/** Events that AWS sends to functions: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html */
export const awsSamples: readonly Omit<SampleEvent, 'target'>[] = [
  {
    name: 'sqs',
    about: 'a queue of SQS',
    make: ({ records }) => ({ Records: records.map(sqsMessage) }),
  },
  {
    name: 'sns',
    about: 'a topic of SNS',
    make: ({ records, now }) => ({
      Records: records.map((record, index) => ({
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: arn('sns', `sample:${identifier(0)}`),
        Sns: {
          Type: 'Notification',
          MessageId: identifier(index),
          TopicArn: arn('sns', 'sample'),
          Subject: null,
          Message: JSON.stringify(record),
          Timestamp: now.toISOString(),
          MessageAttributes: {},
        },
      })),
    }),
  },
  {
    name: 's3',
    about: 'an object written to a bucket of S3',
    hasObject: true,
    make: ({ objectKey, now }) => ({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: region,
          eventTime: now.toISOString(),
          eventName: 'ObjectCreated:Put',
          s3: { s3SchemaVersion: '1.0', ...s3Object(objectKey) },
        },
      ],
    }),
  },
  {
    name: 's3-batch',
    about: 'a task of S3 Batch Operations',
    hasObject: true,
    make: ({ objectKey }) => ({
      invocationSchemaVersion: '1.0',
      invocationId: 'sample',
      job: { id: identifier(0) },
      tasks: [
        {
          taskId: 'sample',
          s3Key: encodeURIComponent(objectKey),
          s3VersionId: null,
          s3BucketArn: 'arn:aws:s3:::sample-bucket',
        },
      ],
    }),
  },
  {
    name: 'kinesis',
    about: 'a stream of Kinesis',
    make: ({ records }) => ({
      Records: records.map((record, index) => ({
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `shardId-000000000000:${sequence(index)}`,
        eventName: 'aws:kinesis:record',
        eventSourceARN: arn('kinesis', 'stream/sample'),
        awsRegion: region,
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'sample',
          sequenceNumber: sequence(index),
          data: base64(record),
        },
      })),
    }),
  },
  {
    name: 'dynamodb',
    about: 'a stream of a DynamoDB table',
    make: ({ records }) => ({
      Records: records.map((record, index) => ({
        eventID: String(index),
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: region,
        eventSourceARN: arn('dynamodb', 'table/sample/stream/2026-01-01T00:00:00.000'),
        dynamodb: {
          SequenceNumber: sequence(index),
          StreamViewType: 'NEW_IMAGE',
          NewImage: toAttributes(record),
        },
      })),
    }),
  },
  {
    name: 'eventbridge',
    about: 'an event of an EventBridge bus',
    make: scope => busEvent(scope, { 'detail-type': 'Sample', source: 'sample', detail: scope.records[0] }),
  },
  {
    name: 'schedule',
    about: 'a schedule, which keeps an instance warm',
    make: scope => busEvent(scope, { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} }),
  },
  {
    name: 'pipes',
    about: 'EventBridge Pipes, from a queue',
    make: ({ records }) => records.map(sqsMessage),
  },
  {
    name: 'firehose',
    about: 'a transformation of Data Firehose',
    make: ({ records, now }) => ({
      invocationId: identifier(0),
      deliveryStreamArn: arn('firehose', 'deliverystream/sample'),
      region,
      records: records.map((record, index) => ({
        recordId: sequence(index),
        approximateArrivalTimestamp: now.getTime(),
        data: base64(record),
      })),
    }),
  },
  {
    name: 'kafka',
    about: 'a topic of Kafka (MSK)',
    make: ({ records, now }) => ({
      eventSource: 'aws:kafka',
      eventSourceArn: arn('kafka', 'cluster/sample/0'),
      bootstrapServers: 'sample:9092',
      records: {
        'sample-0': records.map((record, offset) => ({
          topic: 'sample',
          partition: 0,
          offset,
          timestamp: now.getTime(),
          timestampType: 'CREATE_TIME',
          value: base64(record),
          headers: [],
        })),
      },
    }),
  },
  {
    name: 'activemq',
    about: 'a queue of Amazon MQ for ActiveMQ',
    make: ({ records, now }) => ({
      eventSource: 'aws:mq',
      eventSourceArn: arn('mq', 'broker:sample:b-0'),
      messages: records.map((record, index) => ({
        messageID: `ID:${identifier(index)}`,
        messageType: 'jms/text-message',
        destination: { physicalName: 'sample' },
        timestamp: now.getTime(),
        data: base64(record),
      })),
    }),
  },
  {
    name: 'rabbitmq',
    about: 'a queue of Amazon MQ for RabbitMQ',
    make: ({ records }) => ({
      eventSource: 'aws:rmq',
      eventSourceArn: arn('mq', 'broker:sample:b-0'),
      rmqMessagesByQueue: {
        'sample::/': records.map((record, index) => ({
          basicProperties: { contentType: 'application/json', messageId: identifier(index), timestamp: null },
          redelivered: false,
          data: base64(record),
        })),
      },
    }),
  },
  {
    name: 'cloudwatch-logs',
    about: 'a subscription of CloudWatch Logs',
    make: ({ records, now }) => {
      const data = {
        messageType: 'DATA_MESSAGE',
        owner: account,
        logGroup: 'sample',
        logStream: 'sample',
        subscriptionFilters: ['sample'],
        logEvents: records.map((record, index) => ({
          id: sequence(index),
          timestamp: now.getTime(),
          message: JSON.stringify(record),
        })),
      };
      return { awslogs: { data: gzipSync(JSON.stringify(data)).toString('base64') } };
    },
  },
  {
    name: 'direct',
    about: 'an invocation by AWS’s SDK or CLI: the record itself',
    make: ({ records }) => (records.length === 1 ? records[0] : records),
  },
  {
    name: 'batch',
    about: 'a batch of records, each answered in its place',
    make: ({ records }) => ({ coldpress: 'batch', records }),
  },
  {
    name: 'http',
    about: 'a request of a Function URL or an HTTP API',
    make: httpRequest,
  },
  {
    name: 'http-v1',
    about: 'a request of a REST API',
    make: scope => {
      const { headers, body } = httpRequest(scope);
      return {
        resource: '/',
        path: '/',
        httpMethod: 'POST',
        headers,
        multiValueHeaders: {},
        queryStringParameters: null,
        requestContext: { stage: 'prod', httpMethod: 'POST', path: '/', requestId: identifier(0) },
        body,
        isBase64Encoded: false,
      };
    },
  },
  {
    name: 'alb',
    about: 'a request of an Application Load Balancer',
    make: scope => {
      const { headers, body } = httpRequest(scope);
      const targetGroupArn = arn('elasticloadbalancing', 'targetgroup/sample/0');
      return {
        requestContext: { elb: { targetGroupArn } },
        httpMethod: 'POST',
        path: '/',
        queryStringParameters: {},
        headers,
        body,
        isBase64Encoded: false,
      };
    },
  },
  {
    name: 'lattice',
    about: 'a request of VPC Lattice',
    make: scope => {
      const { headers, body } = httpRequest(scope);
      return {
        version: '2.0',
        path: '/',
        method: 'POST',
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
        body,
        isBase64Encoded: false,
        requestContext: { targetGroupArn: arn('vpc-lattice', 'targetgroup/tg-0'), region },
      };
    },
  },
];
