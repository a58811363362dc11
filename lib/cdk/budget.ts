import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { awsLambdaDefaults } from '../targets/aws-lambda/defaults.ts';
import { errorAt } from './error-at.ts';
import { newLogGroup, newRole } from './execution-role.ts';
import type { ModelFunction } from './model-function.ts';
import { nodejs24 } from './nodejs24.ts';

/** What a model may cost, and what happens when it costs more. */
export interface BudgetOptions {
  /**
   * US dollars per month, for all resources with the tag of the model. Activate the tag for cost allocation once per
   * account.
   */
  readonly monthlyBudgetUsd: number;
  /**
   * Addresses that receive a message at 80 % and at 100 %. Required unless `action` is `stop`.
   * @default none
   */
  readonly email?: string[];
  /**
   * With `stop`, at 100 % provisioned concurrency ends and the function's concurrency is set to 0, so that
   * invocations are refused until you restore both. AWS knows costs up to a day late, and a stopped function still
   * pays for storage and logs.
   * @default 'alert'
   */
  readonly action?: 'alert' | 'stop';
}

/** The tag by which bills distinguish models. */
export const MODEL_TAG = awsLambdaDefaults.modelTag;

/** @throws ColdpressError BUDGET_AMOUNT, BUDGET_UNHEARD */
export function limitCost(
  fn: ModelFunction,
  { monthlyBudgetUsd, email = [], action = 'alert' }: BudgetOptions,
  { isProvisioned }: { isProvisioned: boolean },
): void {
  if (!Token.isUnresolved(monthlyBudgetUsd) && !(monthlyBudgetUsd > 0)) {
    throw errorAt(fn, '', {
      code: 'BUDGET_AMOUNT',
      message: `monthlyBudgetUsd is ${monthlyBudgetUsd}`,
      hint: 'more than 0',
    });
  }
  if (email.length === 0 && action === 'alert') {
    throw errorAt(fn, '', {
      code: 'BUDGET_UNHEARD',
      message: 'the budget has no recipient',
      hint: "name one, email: ['you@example.com'], or stop the function, action: 'stop'",
    });
  }
  const people = email.map(address => ({ subscriptionType: 'EMAIL', address }));
  const machine =
    action === 'stop'
      ? [{ subscriptionType: 'SNS', address: stopTopic(fn, isProvisioned ? fn.alias : undefined).topicArn }]
      : [];
  const at = (threshold: number, subscribers: typeof people) =>
    subscribers.length === 0
      ? []
      : [
          {
            notification: {
              notificationType: 'ACTUAL',
              comparisonOperator: 'GREATER_THAN',
              threshold,
              thresholdType: 'PERCENTAGE',
            },
            subscribers,
          },
        ];
  new budgets.CfnBudget(fn, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${MODEL_TAG}$${fn.modelName}`] },
    },
    notificationsWithSubscribers: [...at(80, people), ...at(100, [...people, ...machine])],
  });
}

const stopCode = `
const lambda = require('@aws-sdk/client-lambda');
const { FUNCTION_NAME: FunctionName, PROVISIONED_ALIAS: Qualifier } = process.env;
exports.handler = async () => {
  const client = new lambda.LambdaClient({});
  if (Qualifier) {
    await client.send(new lambda.DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
  }
  await client.send(new lambda.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  console.warn(FunctionName + ' is stopped: its month cost more than its budget');
};
`.trim();

/** A topic that the budget publishes to, and a function behind it that stops the model's. */
function stopTopic(fn: ModelFunction, provisioned: lambda.Alias | undefined): sns.Topic {
  const topic = new sns.Topic(fn, 'BudgetTopic', { enforceSSL: true });
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      principals: [new iam.ServicePrincipal('budgets.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(fn).account } },
    }),
  );
  const logGroup = newLogGroup(fn, 'BudgetStopLogs');
  const stop = new lambda.Function(fn, 'BudgetStop', {
    code: lambda.Code.fromInline(stopCode),
    handler: 'index.handler',
    runtime: nodejs24,
    architecture: lambda.Architecture.ARM_64,
    timeout: Duration.seconds(30),
    loggingFormat: lambda.LoggingFormat.JSON,
    environment: {
      FUNCTION_NAME: fn.functionName,
      ...(provisioned && { PROVISIONED_ALIAS: provisioned.aliasName }),
    },
    logGroup,
    role: newRole(fn, 'BudgetStopRole', { logGroup }),
  });
  stop.addToRolePolicy(
    new iam.PolicyStatement({ actions: ['lambda:PutFunctionConcurrency'], resources: [fn.functionArn] }),
  );
  if (provisioned !== undefined) {
    stop.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['lambda:DeleteProvisionedConcurrencyConfig'],
        resources: [provisioned.functionArn],
      }),
    );
  }
  topic.addSubscription(new subscriptions.LambdaSubscription(stop));
  return topic;
}
