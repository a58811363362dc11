import { formatCommand } from '../shell-command.ts';
import { awsLambdaDefaults as defaults } from '../targets/aws-lambda/defaults.ts';
import type { EmitPlan } from './emit-plan.ts';
import { logsPolicy, trustPolicy } from './emit-sam.ts';

/** A script of the AWS command line that deploys what OnnxFunction does, and how a new model follows. */
export function awsCliScript(plan: EmitPlan): string {
  const { name, layer, manifest } = plan;
  const logGroup = `/coldpress/${name}`;
  const update = [
    'aws',
    'lambda',
    'update-function-code',
    '--function-name',
    name,
    '--zip-file',
    zip(plan.functionZip),
  ];
  return [
    '#!/bin/sh',
    '# Credentials and region as for every command of aws. Archives of more than 50 MB go through S3: --s3-bucket, --s3-key.',
    'set -eu',
    '',
    formatCommand(['aws', 'logs', 'create-log-group', '--log-group-name', logGroup]),
    formatCommand([
      ...['aws', 'logs', 'put-retention-policy', '--log-group-name', logGroup],
      ...['--retention-in-days', String(defaults.logRetentionDays)],
    ]),
    '',
    `LOGS=$(${formatCommand([
      ...['aws', 'logs', 'describe-log-groups', '--log-group-name-prefix', logGroup],
      ...['--query', 'logGroups[0].arn', '--output', 'text'],
    ])})`,
    `ROLE=$(${formatCommand([
      ...['aws', 'iam', 'create-role', '--role-name', name],
      ...[
        '--assume-role-policy-document',
        JSON.stringify(trustPolicy),
        '--query',
        'Role.Arn',
        '--output',
        'text',
      ],
    ])})`,
    // The one place where the shell fills something in: the document has no quote of its own but JSON's.
    `${formatCommand(['aws', 'iam', 'put-role-policy', '--role-name', name, '--policy-name', 'logs'])} \\
  --policy-document "${JSON.stringify(logsPolicy('$LOGS')).replaceAll('"', '\\"')}"`,
    '',
    ...(layer === undefined
      ? []
      : [
          `LAYER=$(${formatCommand([
            ...['aws', 'lambda', 'publish-layer-version', '--layer-name', layer.name],
            ...['--description', layer.description, '--license-info', 'MIT', '--zip-file', zip(layer.zip)],
            ...['--compatible-architectures', plan.architecture],
            ...['--query', 'LayerVersionArn', '--output', 'text'],
          ])})`,
          '',
        ]),
    '# A new role is known everywhere some seconds later.',
    'sleep 10',
    `${formatCommand([
      ...['aws', 'lambda', 'create-function', '--function-name', name, '--description', defaults.description],
      ...['--runtime', manifest.runtime, '--architectures', plan.architecture, '--handler', manifest.handler],
      ...['--memory-size', String(plan.memoryMb), '--timeout', String(plan.timeoutSeconds)],
      ...['--zip-file', zip(plan.functionZip), '--logging-config', `LogFormat=JSON,LogGroup=${logGroup}`],
      ...['--tags', `${defaults.modelTag}=${manifest.name}`],
    ])} \\
  --role "$ROLE"${layer === undefined ? '' : ' \\\n  --layers "$LAYER"'}`,
    formatCommand(['aws', 'lambda', 'wait', 'function-active-v2', '--function-name', name]),
    '',
    '# For a new model, later:',
    ...formatCommand([...update, '--publish'])
      .split('\n')
      .map(line => `# ${line}`),
    '',
  ].join('\n');
}

function zip(path: string): string {
  return `fileb://${path}`;
}
