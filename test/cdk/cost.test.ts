import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { MODEL_TAG, OnnxBatchJob, OnnxDashboard, OnnxFunction } from '../../lib/cdk/index.ts';
import { baseConfig, newFunction, newStack, type Resource, resourcesOf, templateOf } from './app.ts';

describe('a budget', () => {
  test('tells people at 80 and at 100 %, by the model’s tag', () => {
    const fn = newFunction(newStack(), { budget: { monthlyBudgetUsd: 50, email: ['ml@example.com'] } });
    const [budget] = resourcesOf(templateOf(fn), 'AWS::Budgets::Budget');
    expect(budget!.Properties.Budget).toMatchObject({
      BudgetLimit: { Amount: 50, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:coldpress:model$breast-cancer'] },
      TimeUnit: 'MONTHLY',
    });
    const thresholds = budget!.Properties.NotificationsWithSubscribers.map(
      (item: { Notification: { Threshold: number } }) => item.Notification.Threshold,
    );
    expect(thresholds).toEqual([80, 100]);
    templateOf(fn).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('stops the function when it is to, and may stop no other', () => {
    const template = templateOf(
      newFunction(newStack(), { budget: { monthlyBudgetUsd: 50, action: 'stop' } }),
    );
    const [functionId] = Object.keys(template.findResources('AWS::Lambda::Function')).filter(id =>
      /^Churn[0-9A-F]{8}$/.test(id),
    );
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {},
          { Action: 'lambda:PutFunctionConcurrency', Resource: { 'Fn::GetAtt': [functionId, 'Arn'] } },
        ],
      },
    });
  });
});

test('a budget that stops also ends provisioned concurrency, which 0 concurrency would not', () => {
  const fn = newFunction(newStack(), {
    provisionedConcurrency: 2,
    budget: { monthlyBudgetUsd: 50, action: 'stop' },
  });
  const template = templateOf(fn);
  const [alias] = Object.keys(template.findResources('AWS::Lambda::Alias'));
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: 'lambda:DeleteProvisionedConcurrencyConfig', Resource: { Ref: alias } }),
      ]),
    },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { PROVISIONED_ALIAS: Match.anyValue() } },
  });
});

describe('the dashboard', () => {
  const app = new App();
  const stacks = ['Shop-Eu', 'Fraud'].map(id => new Stack(app, id));
  for (const stack of stacks) {
    new OnnxFunction(stack, 'Churn', { config: baseConfig });
  }
  const home = new Stack(app, 'Home');
  new OnnxDashboard(home, 'Dashboard');
  const { Properties } = resourcesOf(templateOf(home), 'AWS::CloudWatch::Dashboard')[0]!;
  const body = JSON.stringify(Properties.DashboardBody);

  test('shows the models of every stack, and refers to none', () => {
    expect(body).toContain('(Fraud) OR (Shop AND Eu)');
    for (const stack of [...stacks, home]) {
      expect(JSON.stringify(templateOf(stack).toJSON())).not.toContain('Fn::ImportValue');
    }
  });

  test.each(['Invocations', 'Errors', 'p99', 'Cold starts', 'phases.native', 'Cost'])('shows %s', what => {
    expect(body).toContain(what);
  });
});

test('a dashboard shows functions of nested stacks, of several regions, and those with names of their own', () => {
  const app = new App();
  const [eu, us] = ['eu-west-1', 'us-east-1'].map(
    region => new Stack(app, `Shop-${region.slice(0, 2)}`, { env: { region, account: '123456789012' } }),
  ) as [Stack, Stack];
  new OnnxFunction(new NestedStack(eu, 'Inner'), 'Churn', { config: baseConfig });
  new OnnxFunction(us, 'Churn', { config: baseConfig, functionName: 'churn-us' });
  const stage = new Stage(app, 'Beta', { env: { region: 'us-east-1', account: '123456789012' } });
  const beta = new Stack(stage, 'Models');
  new OnnxFunction(beta, 'Churn', { config: baseConfig });
  for (const stack of [us, beta]) {
    new OnnxDashboard(stack, 'Dashboard');
  }
  const bodyOf = (stack: Stack) => {
    const [{ Properties }] = resourcesOf(templateOf(stack), 'AWS::CloudWatch::Dashboard') as [Resource];
    return JSON.parse(Properties.DashboardBody) as { widgets: { properties: Record<string, unknown> }[] };
  };
  const properties = bodyOf(us).widgets.map(widget => widget.properties);
  expect(new Set(properties.map(({ region }) => region))).toEqual(new Set(['eu-west-1', 'us-east-1']));
  const invocations = properties.filter(({ title }) => String(title).startsWith('Invocations'));
  expect(invocations.map(({ title }) => title).sort()).toEqual([
    'Invocations, eu-west-1',
    'Invocations, us-east-1',
  ]);
  expect(JSON.stringify(invocations[0])).toContain('FunctionName=((Shop AND eu))');
  expect(JSON.stringify(invocations[1])).toMatch(/FunctionName=\(\\"churn-us\\" OR \(Beta AND Models\)\)/);
  // A stage is deployed by itself.
  expect(JSON.stringify(bodyOf(beta))).not.toContain('Shop');
});

test('a budget sees the logs of its function, and its batch jobs', () => {
  const stack = newStack();
  const fn = newFunction(stack);
  new OnnxBatchJob(stack, 'Job', {
    function: fn,
    bucket: new s3.Bucket(stack, 'Data') as s3.IBucket,
    input: 'csv',
  });
  const template = templateOf(stack);
  const types = ['AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::StepFunctions::StateMachine'];
  for (const { Properties } of types.flatMap(type => resourcesOf(template, type))) {
    expect(Properties.Tags).toEqual([{ Key: MODEL_TAG, Value: 'breast-cancer' }]);
  }
  // CDK warns of what it passes over.
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('ignored'))).toEqual([]);
});
