import { formatCommand, formatLine } from '../shell-command.ts';
import { awsLambdaDefaults as defaults } from '../targets/aws-lambda/defaults.ts';
import type { EmitPlan } from './emit-plan.ts';
import { logsPolicy, trustPolicy } from './emit-sam.ts';
import { invokeCommand } from './invoke-command.ts';

/**
 * A shell script for the AWS CLI that deploys what OnnxFunction does. It can be rerun at any point: existing resources
 * are updated; environment, triggers and permissions that it does not manage are kept.
 */
export function awsCliScript(plan: EmitPlan): string {
  const { name, layer, manifest } = plan;
  const logGroup = `/coldpress/${name}`;
  const named = ['--function-name', name];
  const settings = [
    ...[
      '--description',
      defaults.describe(manifest.name),
      '--runtime',
      manifest.runtime,
      '--handler',
      manifest.handler,
    ],
    ...['--memory-size', String(plan.memoryMb), '--timeout', String(plan.timeoutSeconds)],
    ...['--logging-config', `LogFormat=JSON,LogGroup=${logGroup}`],
  ];
  const code = ['--architectures', plan.architecture, '--zip-file', zip(plan.functionZip)];
  const filledIn = ` \\\n  --role "$ROLE"${layer === undefined ? '' : ' \\\n  --layers "$LAYER"'}`;
  const lambda = (...args: string[]) => formatCommand(['aws', 'lambda', ...args]);
  return [
    '#!/bin/sh',
    '# Credentials and region as for every command of aws. Archives of more than 50 MB go through S3: --s3-bucket, --s3-key.',
    '# It can be run again at any point, and with a new model.',
    'set -eu',
    '',
    ifNew(['aws', 'logs', 'create-log-group', '--log-group-name', logGroup]),
    formatCommand([
      ...['aws', 'logs', 'put-retention-policy', '--log-group-name', logGroup],
      ...['--retention-in-days', String(defaults.logRetentionDays)],
    ]),
    '',
    `LOGS=$(${formatCommand([
      ...['aws', 'logs', 'describe-log-groups', '--log-group-name-prefix', logGroup],
      ...['--query', 'logGroups[0].arn', '--output', 'text'],
    ])})`,
    ifNew([
      ...['aws', 'iam', 'create-role', '--role-name', name],
      ...['--assume-role-policy-document', JSON.stringify(trustPolicy)],
    ]),
    `ROLE=$(${formatCommand([
      ...['aws', 'iam', 'get-role', '--role-name', name, '--query', 'Role.Arn', '--output', 'text'],
    ])})`,
    // The only place where the shell expands something: the document contains no quotes except JSON's.
    `${formatCommand(['aws', 'iam', 'put-role-policy', '--role-name', name, '--policy-name', 'logs'])} \\
  --policy-document "${JSON.stringify(logsPolicy('$LOGS')).replaceAll('"', '\\"')}"`,
    '',
    ...(layer === undefined
      ? []
      : [
          `LAYER=$(${lambda(
            ...['publish-layer-version', '--layer-name', layer.name],
            ...['--description', layer.description, '--license-info', 'MIT', '--zip-file', zip(layer.zip)],
            ...['--compatible-architectures', plan.architecture],
            ...['--query', 'LayerVersionArn', '--output', 'text'],
          )})`,
          '',
        ]),
    `if ${formatLine(['aws', 'lambda', 'get-function', ...named])} > /dev/null 2>&1; then`,
    `${lambda('update-function-configuration', ...named, ...settings)}${filledIn}`,
    lambda('wait', 'function-updated-v2', ...named),
    lambda('update-function-code', ...named, ...code),
    lambda('wait', 'function-updated-v2', ...named),
    'else',
    '# A new role is known everywhere some seconds later.',
    'sleep 10',
    `${lambda('create-function', ...named, ...settings, ...code, '--tags', `${defaults.modelTag}=${manifest.name}`)}${filledIn}`,
    lambda('wait', 'function-active-v2', ...named),
    'fi',
    '',
    `echo 'deployed; call it: ${invokeCommand(name)}'`,
    '',
  ].join('\n');
}

/** A command that may fail because its resource exists already; any other problem makes the next command fail. */
function ifNew(command: string[]): string {
  return `${formatCommand(command)} > /dev/null 2>&1 || :`;
}

function zip(path: string): string {
  return `fileb://${path}`;
}
