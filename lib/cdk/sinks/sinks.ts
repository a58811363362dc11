import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Setting, SinkPurpose, SinkSettings } from '../../contract/settings.ts';
import { errorAt } from '../error-at.ts';
import type { ModelFunction } from '../model-function.ts';
import { grantBucket, grantBus, grantQueue, grantTable, grantTopic } from './grants.ts';
import { wireSetting } from './settings.ts';

/** A resource that a sink can write to. Its kind must match the config's sink. */
export type SinkResource = IQueue | ITopic | IBucket | ITable | IEventBus;

/** How a deployment connects a resource to an AWS sink. */
interface Connection {
  /** Name of the resource, with its article. */
  resource: string;
  /** A property that only resources of this kind have; its value is passed to the function. */
  property: string;
  /** The sink's setting that receives the value. */
  setting: string;
  // biome-ignore lint/suspicious/noExplicitAny: each with its own kind of resource and settings
  grant: (resource: any, fn: ModelFunction, scope: { settings: any }) => void;
}

const connections: Partial<Record<SinkSettings['type'], Connection>> = {
  sqs: { resource: 'a queue', property: 'queueUrl', setting: 'queueUrl', grant: grantQueue },
  sns: { resource: 'a topic', property: 'topicArn', setting: 'topicArn', grant: grantTopic },
  s3: { resource: 'a bucket', property: 'bucketName', setting: 'bucket', grant: grantBucket },
  dynamodb: { resource: 'a table', property: 'tableName', setting: 'table', grant: grantTable },
  eventbridge: { resource: 'an event bus', property: 'eventBusName', setting: 'bus', grant: grantBus },
};

/**
 * Passes the config's sinks the resources they need, and rejects those that do not match.
 * @throws ColdpressError SINK_WITHOUT_GRANT, SINK_UNKNOWN, SINK_KIND
 */
export function connectSinks(
  fn: ModelFunction,
  resources: { readonly results?: SinkResource; readonly failures?: SinkResource },
): void {
  if (fn.manifest === undefined) {
    return;
  }
  for (const purpose of ['results', 'failures'] as const) {
    connectSink(fn, { purpose, settings: fn.manifest.sinks[purpose], resource: resources[purpose] });
  }
}

function connectSink(
  fn: ModelFunction,
  {
    purpose,
    settings,
    resource,
  }: { purpose: SinkPurpose; settings: SinkSettings | null; resource: SinkResource | undefined },
): void {
  const connection = settings === null ? undefined : connections[settings.type];
  if (settings === null || connection === undefined) {
    if (resource !== undefined) {
      throw errorAt(fn, '', {
        code: 'SINK_UNKNOWN',
        message: `sinks.${purpose} has a resource, but the config has ${settings === null ? 'no such sink' : `a ${settings.type} sink, which needs none`}`,
        hint: `sinks: { ${purpose}: { type: 'sqs', queueUrl: { env: 'QUEUE_URL' } } } in the config, for a queue`,
      });
    }
    return;
  }
  if (resource === undefined) {
    throw errorAt(fn, '', {
      code: 'SINK_WITHOUT_GRANT',
      message: `the config's sink "${purpose}" writes to ${connection.resource}, but the function has no permission to write to it`,
      hint: `sinks: { ${purpose}: ${connection.resource.split(' ').at(-1)} } in the construct's props`,
    });
  }
  if (!(connection.property in resource)) {
    throw errorAt(fn, '', {
      code: 'SINK_KIND',
      message: `sinks.${purpose} is not ${connection.resource}, which the config's ${settings.type} sink writes to`,
      hint: `pass it ${connection.resource}, or change the sink's type`,
    });
  }
  const value = (resource as unknown as Record<string, string>)[connection.property]!;
  wireSetting(fn, (settings as unknown as Record<string, Setting>)[connection.setting]!, value);
  connection.grant(resource, fn, { settings });
}
