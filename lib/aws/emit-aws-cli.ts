import { formatCommand, formatLine } from '../shell-command.ts';
import { awsLambdaDefaults as defaults } from '../targets/aws-lambda/defaults.ts';
import type { EmitPlan } from './emit-plan.ts';
import { invokeCommand } from './invoke-command.ts';
import { logsPolicy, trustPolicy } from './role-policies.ts';

/**
 * A shell script for the AWS CLI that deploys what OnnxFunction does. It can be rerun at any point: existing resources
 * are updated; environment, triggers and permissions that it does not manage are kept.
 */
export function awsCliScript(plan: EmitPlan): string {
  const logGroup = `/coldpress/${plan.name}`;
  return [
    '#!/bin/sh',
    '# Deploys the function with the AWS CLI, with its credentials and region. Run it again to update the function.',
    '# It uploads archives of up to 50 MB. Put larger ones into S3, and replace --zip-file with --s3-bucket and --s3-key.',
    'set -eu',
    '',
    '# The log group',
    ...logGroupCommands(logGroup),
    '',
    '# The role of the function, which may only write to this log group',
    ...roleCommands(plan.name),
    '',
    ...layerCommands(plan),
    '# The function',
    ...functionCommands(plan, logGroup),
    '',
    `echo 'The function is deployed. To call it: ${invokeCommand(plan.name)}'`,
    '',
  ].join('\n');
}

function logGroupCommands(logGroup: string): string[] {
  return [
    ifNew(['aws', 'logs', 'create-log-group', '--log-group-name', logGroup]),
    formatCommand([
      ...['aws', 'logs', 'put-retention-policy', '--log-group-name', logGroup],
      ...['--retention-in-days', String(defaults.logRetentionDays)],
    ]),
    `LOGS=$(${formatCommand([
      ...['aws', 'logs', 'describe-log-groups', '--log-group-name-prefix', logGroup],
      ...['--query', 'logGroups[0].arn', '--output', 'text'],
    ])})`,
  ];
}

function roleCommands(name: string): string[] {
  const role = ['--role-name', name];
  // The only place where the shell expands something: the document contains no quotes except JSON's.
  const policy = JSON.stringify(logsPolicy('$LOGS')).replaceAll('"', '\\"');
  return [
    ifNew([
      ...['aws', 'iam', 'create-role', ...role],
      ...['--assume-role-policy-document', JSON.stringify(trustPolicy)],
    ]),
    `ROLE=$(${formatCommand(['aws', 'iam', 'get-role', ...role, '--query', 'Role.Arn', '--output', 'text'])})`,
    `${formatCommand(['aws', 'iam', 'put-role-policy', ...role, '--policy-name', 'logs'])} \\
  --policy-document "${policy}"`,
  ];
}

function layerCommands({ layer, architecture }: EmitPlan): string[] {
  if (layer === undefined) {
    return [];
  }
  const publish = lambda(
    ...['publish-layer-version', '--layer-name', layer.name],
    ...['--description', layer.description, '--license-info', 'MIT', '--zip-file', zip(layer.zip)],
    ...['--compatible-architectures', architecture],
    ...['--query', 'LayerVersionArn', '--output', 'text'],
  );
  return ['# The layer with ONNX Runtime', `LAYER=$(${publish})`, ''];
}

function functionCommands(plan: EmitPlan, logGroup: string): string[] {
  const { manifest, layer } = plan;
  const name = ['--function-name', plan.name];
  const settings = [
    ...['--description', defaults.describe(manifest.name)],
    ...['--runtime', manifest.runtime, '--handler', manifest.handler],
    ...['--memory-size', String(plan.memoryMb), '--timeout', String(plan.timeoutSeconds)],
    ...['--logging-config', `LogFormat=JSON,LogGroup=${logGroup}`],
  ];
  const code = ['--architectures', plan.architecture, '--zip-file', zip(plan.functionZip)];
  const tags = ['--tags', `${defaults.modelTag}=${manifest.name}`];
  const variables = ` \\\n  --role "$ROLE"${layer === undefined ? '' : ' \\\n  --layers "$LAYER"'}`;
  return [
    `if ${formatLine(['aws', 'lambda', 'get-function', ...name])} > /dev/null 2>&1; then`,
    `${lambda('update-function-configuration', ...name, ...settings)}${variables}`,
    lambda('wait', 'function-updated-v2', ...name),
    lambda('update-function-code', ...name, ...code),
    lambda('wait', 'function-updated-v2', ...name),
    'else',
    '# Lambda can use a new role only after some seconds.',
    'sleep 10',
    `${lambda('create-function', ...name, ...settings, ...code, ...tags)}${variables}`,
    lambda('wait', 'function-active-v2', ...name),
    'fi',
  ];
}

function lambda(...args: string[]): string {
  return formatCommand(['aws', 'lambda', ...args]);
}

/** A command that may fail because its resource exists already; any other problem makes the next command fail. */
function ifNew(command: string[]): string {
  return `${formatCommand(command)} > /dev/null 2>&1 || :`;
}

function zip(path: string): string {
  return `fileb://${path}`;
}
