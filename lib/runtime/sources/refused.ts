import { RequestError } from '../errors.ts';
import type { Source } from './source.ts';

/**
 * Events of services that contain nothing to score, by fields that each has, at the top level or at a path; for an
 * array, in its first element. A user's record is mistaken for one only if it has all fields of a row.
 */
const shapes: readonly [service: string, ...fields: string[]][] = [
  ['Alexa', 'version', 'session/application', 'request/type'],
  ['Alexa', 'header/namespace', 'payload'],
  ['Alexa', 'directive/header/namespace'],
  ['an API Gateway authorizer', 'type', 'methodArn'],
  ['an API Gateway authorizer', 'type', 'routeArn'],
  ['an API Gateway WebSocket API', 'requestContext/connectionId', 'requestContext/eventType'],
  ['AppSync', 'arguments', 'info/fieldName'],
  ['AppSync', 'arguments', 'fieldName', 'typeName'],
  ['AppSync', 'info/channel/path', 'info/operation'],
  ['AppSync', 'arguments', 'identity', 'stash'],
  ['an AppSync authorizer', 'authorizationToken', 'requestContext/apiId'],
  ['AWS Batch', 'jobName', 'jobQueue', 'jobDefinition'],
  ['AWS Client VPN', 'connection-id', 'endpoint-id'],
  ['AWS CloudFormation', 'RequestType', 'ResponseURL'],
  ['AWS CloudFormation', 'RequestType', 'ServiceToken'],
  ['an AWS CloudFormation macro', 'fragment', 'transformId'],
  ['an AWS CloudFormation hook', 'hookTypeName', 'actionInvocationPoint'],
  ['AWS CodeCommit', 'Records/0/codecommit'],
  ['AWS CodeDeploy', 'DeploymentId', 'LifecycleEventHookExecutionId'],
  ['AWS CodePipeline', 'CodePipeline.job'],
  ['AWS Config', 'configRuleName', 'invokingEvent'],
  ['AWS IoT', 'clickType', 'serialNumber', 'batteryVoltage'],
  ['an AWS IoT authorizer', 'signatureVerified', 'protocolData'],
  ['AWS IoT provisioning', 'claimCertificateId', 'certificateId'],
  ['AWS Lambda destinations', 'requestContext/functionArn', 'requestContext/condition'],
  ['AWS Secrets Manager', 'Step', 'SecretId', 'ClientRequestToken'],
  ['AWS Step Functions', 'Error', 'Cause'],
  ['AWS Transfer Family', 'serverId', 'username', 'protocol'],
  ['Amazon Bedrock Agents', 'actionGroup', 'agent'],
  ['Amazon Chime SDK', 'CallDetails', 'InvocationEventType'],
  ['Amazon CloudFront', 'Records/0/cf'],
  ['an Amazon CloudWatch alarm', 'alarmArn', 'alarmData'],
  ['an Amazon CloudWatch dashboard', 'widgetContext'],
  ['Amazon Cognito', 'triggerSource', 'userPoolId'],
  ['Amazon Cognito Sync', 'datasetName', 'datasetRecords'],
  ['Amazon Connect', 'Details/ContactData'],
  ['Amazon Connect outbound campaigns', 'InvocationMetadata', 'Items'],
  ['Amazon DocumentDB', 'eventSourceArn', 'events/0/event'],
  ['Amazon Lex', 'bot', 'inputTranscript'],
  ['Amazon Lex', 'bot', 'currentIntent'],
  ['Amazon Managed Service for Apache Flink', 'applicationArn', 'invocationId', 'records'],
  ['Amazon Redshift', 'external_function', 'arguments', 'num_records'],
  ['Amazon S3 Object Lambda', 'xAmzRequestId', 'userRequest'],
  ['Amazon SageMaker Ground Truth', 'labelingJobArn'],
  ['Amazon SES', 'Records/0/ses'],
  ['Amazon WorkMail', 'flowDirection', 'envelope', 'summaryVersion'],
];

/** Records of a new kind, which still name their service. */
const unknown: Source<unknown> = {
  name: 'refused',
  matches: event => {
    const source = sourceOf(event);
    return typeof source === 'string' && /^aws:|^SelfManaged/.test(source);
  },
  handle: async event => refuse(`"${sourceOf(event)}"`),
};

export const refusedSources: Source<unknown>[] = [
  ...shapes.map(([service, ...fields]) => ({
    name: 'refused',
    matches: (event: unknown) => fields.every(field => valueAt(event, field) !== undefined),
    handle: async () => refuse(service),
  })),
  unknown,
];

/** @throws RequestError EVENT_UNSUPPORTED */
function refuse(service: string): never {
  throw new RequestError(
    400,
    'EVENT_UNSUPPORTED',
    `this is an event of ${service}, which is not scored; docs/events.md lists the events that are`,
  );
}

function sourceOf(event: unknown): unknown {
  return ['eventSource', 'Records/0/eventSource', 'Records/0/EventSource']
    .map(path => valueAt(event, path))
    .find(value => value !== undefined);
}

function valueAt(event: unknown, path: string): unknown {
  let value = Array.isArray(event) ? event[0] : event;
  for (const key of path.split('/')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? value[key as never]
        : undefined;
  }
  return value;
}
