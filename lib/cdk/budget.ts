import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { awsLambdaDefaults } from '../targets/aws-lambda/defaults.ts';
import { errorAt } from './error-at.ts';
import { newLogGroup, newRole } from './execution-role.ts';
import { nodejs24 } from './nodejs24.ts';

/** The cost limit of a model, and the action when the limit is exceeded. */
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
   * invocations are refused until you restore both; an endpoint is deleted. AWS knows costs up to a day late, and a
   * stopped model still pays for storage and logs.
   * @default 'alert'
   */
  readonly action?: 'alert' | 'stop';
}

/** The tag by which bills distinguish models. */
export const MODEL_TAG = awsLambdaDefaults.modelTag;

/** A function that stops a model, run by the budget. */
export interface Stop {
  /** Inline CommonJS code that exports `handler`. */
  code: string;
  environment: Record<string, string>;
  permissions: iam.PolicyStatementProps[];
}

/**
 * @param model - the construct that causes the costs and has the model's tag
 * @throws ColdpressError BUDGET_AMOUNT, BUDGET_UNHEARD
 */
export function limitCost(
  model: Construct & { readonly modelName: string },
  { monthlyBudgetUsd, email = [], action = 'alert' }: BudgetOptions,
  stop: () => Stop,
): void {
  if (!Token.isUnresolved(monthlyBudgetUsd) && !(monthlyBudgetUsd > 0)) {
    throw errorAt(model, '', {
      code: 'BUDGET_AMOUNT',
      message: `monthlyBudgetUsd is ${monthlyBudgetUsd}`,
      hint: 'more than 0',
    });
  }
  if (email.length === 0 && action === 'alert') {
    throw errorAt(model, '', {
      code: 'BUDGET_UNHEARD',
      message: 'the budget has no recipient',
      hint: "name one, email: ['you@example.com'], or stop the model, action: 'stop'",
    });
  }
  const people = email.map(address => ({ subscriptionType: 'EMAIL', address }));
  const machine =
    action === 'stop' ? [{ subscriptionType: 'SNS', address: stopTopic(model, stop()).topicArn }] : [];
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
  new budgets.CfnBudget(model, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${MODEL_TAG}$${model.modelName}`] },
    },
    notificationsWithSubscribers: [...at(80, people), ...at(100, [...people, ...machine])],
  });
}

/** Creates a topic that the budget publishes to, with a function that stops the model. */
function stopTopic(scope: Construct, { code, environment, permissions }: Stop): sns.Topic {
  const topic = new sns.Topic(scope, 'BudgetTopic', { enforceSSL: true });
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      principals: [new iam.ServicePrincipal('budgets.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  const logGroup = newLogGroup(scope, 'BudgetStopLogs');
  const stop = new lambda.Function(scope, 'BudgetStop', {
    code: lambda.Code.fromInline(code),
    handler: 'index.handler',
    runtime: nodejs24,
    architecture: lambda.Architecture.ARM_64,
    timeout: Duration.seconds(30),
    loggingFormat: lambda.LoggingFormat.JSON,
    environment,
    logGroup,
    role: newRole(scope, 'BudgetStopRole', { logGroup }),
  });
  for (const statement of permissions) {
    stop.addToRolePolicy(new iam.PolicyStatement(statement));
  }
  topic.addSubscription(new subscriptions.LambdaSubscription(stop));
  return topic;
}
