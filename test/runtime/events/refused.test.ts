import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { direct } from '../../../lib/runtime/sources/direct.ts';
import { findSource } from '../../../lib/runtime/sources/find-source.ts';

const apiRequest = { httpMethod: 'GET', path: '/', headers: {}, requestContext: { resourcePath: '/' } };
const socket = { connectionId: 'a', eventType: 'MESSAGE', routeKey: '$default' };

/** Events of services that bring nothing to score, each as small as it still is one. */
const refused: [service: string, event: unknown][] = [
  ['Alexa', { version: '1.0', session: { application: {} }, request: { type: 'LaunchRequest' } }],
  ['Alexa', { header: { namespace: 'Alexa.ConnectedHome.Control' }, payload: {} }],
  ['Alexa', { directive: { header: { namespace: 'Alexa.Discovery' }, payload: {} } }],
  ['an API Gateway authorizer', { type: 'TOKEN', methodArn: 'arn:m', authorizationToken: 't' }],
  ['an API Gateway authorizer', { ...apiRequest, type: 'REQUEST', methodArn: 'arn:m' }],
  [
    'an API Gateway authorizer',
    { version: '2.0', type: 'REQUEST', routeArn: 'arn:r', requestContext: { http: { method: 'GET' } } },
  ],
  ['an API Gateway WebSocket API', { requestContext: socket, body: '{}', isBase64Encoded: false }],
  ['AppSync', { arguments: {}, identity: null, source: null, info: { fieldName: 'f' } }],
  ['AppSync', [{ arguments: {}, identity: null, prev: null, info: { fieldName: 'f' }, stash: {} }]],
  ['AppSync', { typeName: 'Query', fieldName: 'f', arguments: {}, identity: {} }],
  ['AppSync', { identity: {}, info: { channel: { path: '/a' }, operation: 'PUBLISH' }, events: [] }],
  ['an AppSync authorizer', { authorizationToken: 't', requestContext: { apiId: 'a', accountId: '1' } }],
  ['AWS Batch', { jobName: 'j', jobQueue: 'q', jobDefinition: 'd' }],
  ['AWS Client VPN', { 'connection-id': 'c', 'endpoint-id': 'e' }],
  ['AWS CloudFormation', { RequestType: 'Create', ResponseURL: 'https://r', StackId: 's' }],
  ['AWS CloudFormation', { RequestType: 'Create', ServiceToken: 'arn:t', ResourceProperties: {} }],
  ['an AWS CloudFormation macro', { fragment: {}, transformId: 't', params: {} }],
  [
    'an AWS CloudFormation hook',
    { hookTypeName: 'A::B::C', actionInvocationPoint: 'CREATE_PRE_PROVISION', requestContext: {} },
  ],
  ['AWS CodeCommit', { Records: [{ eventSource: 'aws:codecommit', codecommit: { references: [] } }] }],
  ['AWS CodeDeploy', { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'e' }],
  ['AWS CodePipeline', { 'CodePipeline.job': { id: '1' } }],
  ['AWS Config', { configRuleName: 'r', invokingEvent: '{}' }],
  ['AWS IoT', { serialNumber: 'G030', clickType: 'SINGLE', batteryVoltage: '1567mV' }],
  ['an AWS IoT authorizer', { token: 't', signatureVerified: true, protocolData: {}, protocols: ['mqtt'] }],
  ['AWS IoT provisioning', { claimCertificateId: 'a', certificateId: 'b', parameters: {} }],
  [
    'AWS Lambda destinations',
    { version: '1.0', requestContext: { functionArn: 'arn:f', condition: 'Success' }, requestPayload: {} },
  ],
  ['AWS Secrets Manager', { Step: 'createSecret', SecretId: 'arn:s', ClientRequestToken: 't' }],
  ['AWS Step Functions', { Error: 'States.Timeout', Cause: '' }],
  ['AWS Transfer Family', { serverId: 's-1', username: 'u', password: 'p', protocol: 'SFTP' }],
  ['Amazon Bedrock Agents', { actionGroup: 'g', agent: {}, messageVersion: '1.0' }],
  ['Amazon Chime SDK', { SchemaVersion: '1.0', InvocationEventType: 'NEW_INBOUND_CALL', CallDetails: {} }],
  ['Amazon CloudFront', { Records: [{ cf: { config: {}, request: {} } }] }],
  ['an Amazon CloudWatch alarm', { source: 'aws.cloudwatch', alarmArn: 'arn:a', alarmData: {} }],
  ['an Amazon CloudWatch dashboard', { original: {}, widgetContext: {} }],
  ['Amazon Cognito', { version: '1', triggerSource: 'PreSignUp_SignUp', userPoolId: 'p' }],
  ['Amazon Cognito Sync', { eventType: 'SyncTrigger', datasetName: 'd', datasetRecords: {} }],
  ['Amazon Connect', { Name: 'ContactFlowEvent', Details: { ContactData: {}, Parameters: {} } }],
  ['Amazon Connect outbound campaigns', { InvocationMetadata: {}, Items: [] }],
  ['Amazon DocumentDB', { eventSource: 'aws:docdb', eventSourceArn: 'arn:d', events: [{ event: {} }] }],
  ['Amazon Lex', { bot: {}, inputTranscript: 'hi', sessionState: {} }],
  ['Amazon Lex', { bot: {}, currentIntent: {}, userId: 'u' }],
  ['Amazon Managed Service for Apache Flink', { invocationId: 'i', applicationArn: 'arn:a', records: [] }],
  ['Amazon Redshift', { external_function: 'f', num_records: 1, arguments: [[1]] }],
  ['Amazon S3 Object Lambda', { xAmzRequestId: 'r', userRequest: {}, getObjectContext: {} }],
  ['Amazon SageMaker Ground Truth', { version: '2018-10-16', labelingJobArn: 'arn:l', dataObject: {} }],
  ['Amazon SES', { Records: [{ eventSource: 'aws:ses', ses: { mail: {}, receipt: {} } }] }],
  ['Amazon WorkMail', { summaryVersion: '2019-07-28', envelope: {}, flowDirection: 'INBOUND' }],
  ['"aws:new"', { Records: [{ eventSource: 'aws:new', payload: 1 }] }],
  ['"aws:new"', [{ eventSource: 'aws:new', payload: 1 }]],
];

test.each(refused)('an event of %s is refused by that name', async (service, event) => {
  const source = await findSource(event);
  expect(source.name).toBe('refused');
  await expect(source.handle(event, {} as never, {} as never)).rejects.toMatchObject({
    code: 'EVENT_UNSUPPORTED',
    message: expect.stringContaining(`an event of ${service}, `),
  });
});

test.each([
  {
    name: 'a record with fields of the same names',
    event: { header: 'h', session: 's', bot: 1, identity: 2 },
  },
  { name: 'records with them', event: [{ requestContext: {}, Details: 'd' }] },
  { name: 'a record of a log of requests', event: { httpMethod: 'GET', path: '/', status: 200 } },
  { name: 'no records', event: [] },
  { name: 'text', event: 'Records' },
])('$name: a direct invocation', async ({ event }) => {
  expect(await findSource(event)).toBe(direct);
});

test('docs/events.md names them all', () => {
  const text = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');
  const names = refused.map(([service]) =>
    service
      .replace(/^an |"aws:new"/g, '')
      .split(' ')
      .slice(0, 2),
  );
  expect(names.filter(words => !words.every(word => text.includes(word)))).toEqual([]);
});
