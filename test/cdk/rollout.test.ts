import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { FunctionUrlTrigger, OnnxFunction, QueueTrigger } from '../../lib/cdk/index.ts';
import { ownHandler } from '../../lib/cdk/own-handler.ts';
import {
  actionsOf,
  baseConfig,
  type Given,
  newFunction,
  newStack,
  otherModel,
  resourcesOf,
  templateOf,
} from './app.ts';

describe('a rollout', () => {
  const template = templateOf(newFunction(newStack(), { rollout: {} }));

  test('is a canary by default, and goes back when it fails, is stopped, or an alarm rings', () => {
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
      AlarmConfiguration: { Enabled: true, Alarms: [Match.anyValue(), Match.anyValue()] },
    });
    template.hasResource('AWS::Lambda::Alias', {
      Properties: { Name: 'live' },
      UpdatePolicy: {
        CodeDeployLambdaAliasUpdate: {
          BeforeAllowTrafficHook: Match.anyValue(),
          DeploymentGroupName: Match.anyValue(),
        },
      },
    });
  });

  test('is watched by errors and by the slowest hundredth', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Errors',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Duration',
      ExtendedStatistic: 'p99',
      Threshold: 15_000,
    });
  });

  test('has alarms with the function’s actions, and a hook whose asset has the same name each time', () => {
    const alarmActionArn = 'arn:aws:sns:eu-west-1:123456789012:team';
    const fn = newFunction(newStack(), { rollout: {}, alarmActions: [{ bind: () => ({ alarmActionArn }) }] });
    expect(fn.alarms).toHaveLength(2);
    templateOf(fn).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [alarmActionArn] });
    expect(ownHandler('aws-pre-traffic').path).toMatch(/\/handler$/);
  });

  test('takes other steps and thresholds', () => {
    const config = LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE;
    const changed = templateOf(
      newFunction(newStack(), { rollout: { config, maxErrors: 7, maxLatency: Duration.millis(200) } }),
    );
    changed.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
    });
    changed.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Errors', Threshold: 7 });
    changed.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Duration', Threshold: 200 });
  });

  test('has one application and one hook for all models of a stack', () => {
    const stack = newStack();
    for (const id of ['One', 'Two', 'Three']) {
      new OnnxFunction(stack, id, { config: { ...baseConfig, name: id }, rollout: {} });
    }
    const several = templateOf(stack);
    several.resourceCountIs('AWS::CodeDeploy::Application', 1);
    several.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 3);
    several.resourceCountIs('AWS::Lambda::Function', 4);
  });

  test('the hook may read deployments, report them and invoke versions, of these models alone', () => {
    const hooks = actionsOf(template).filter(action => !action.startsWith('logs:'));
    expect(hooks).toEqual([
      'cloudwatch:GetMetricStatistics',
      'codedeploy:GetDeployment',
      'codedeploy:PutLifecycleEventHookExecutionStatus',
      'lambda:InvokeFunction',
      'lambda:InvokeFunction',
    ]);
  });
});

test('provisioned instances are the alias’s', () => {
  const fn = newFunction(newStack(), { provisionedConcurrency: 3 });
  templateOf(fn).hasResourceProperties('AWS::Lambda::Alias', {
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 },
  });
});

/** Paths of the values that differ, with the ids of versions taken out: they are hashes. */
function changes(before: unknown, after: unknown, path = ''): string[] {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) {
    return before === after ? [] : [path];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap(key =>
    changes(
      (before as Record<string, unknown>)[key],
      (after as Record<string, unknown>)[key],
      `${path}/${key}`,
    ),
  );
}

test('a new model changes the code, the version and where the alias points, and nothing else', () => {
  const build = (model: string, given: Given = {}) => {
    const stack = newStack();
    const fn = newFunction(stack, {
      config: { model, sinks: { results: { type: 'sqs', queueUrl: { env: 'RESULTS' } } } },
      sinks: { results: new sqs.Queue(stack, 'Results') },
      rollout: {},
      ...given,
    });
    new FunctionUrlTrigger(fn, 'Url');
    new QueueTrigger(fn, 'Queue');
    return templateOf(stack).toJSON();
  };
  const before = build(baseConfig.model);
  const after = build(otherModel());
  const version = (path: string) => path.replace(/CurrentVersion[0-9A-F]{8}[0-9a-f]{32}/, 'CurrentVersion*');
  const found = changes(before, after).map(version);
  const functionId = Object.keys(before.Resources).find(id => /^Churn[0-9A-F]{8}$/.test(id));
  const aliasId = Object.keys(before.Resources).find(
    id => before.Resources[id].Type === 'AWS::Lambda::Alias',
  );
  expect([...new Set(found)].sort()).toEqual(
    [
      `/Resources/${functionId}/Properties/Code/S3Key`,
      '/Resources/ChurnCurrentVersion*',
      `/Resources/${aliasId}/Properties/FunctionVersion/Fn::GetAtt/0`,
    ].sort(),
  );
  expect(resourcesOf(templateOf(newFunction()), 'AWS::Lambda::Version')).toEqual([]);
});

test.each([
  [undefined, 'Retain'],
  [false, 'Delete'],
])('versions that the alias has left stay, keepVersions %s: %s', (keepVersions, policy) => {
  const props = keepVersions === undefined ? {} : { keepVersions };
  const template = templateOf(newFunction(newStack(), { alias: 'live', ...props }));
  template.hasResource('AWS::Lambda::Version', {
    DeletionPolicy: policy,
  });
});
