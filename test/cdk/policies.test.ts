import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { statementsOf } from './app.ts';
import { context, everything } from './everything.ts';

const app = new App({ context });
const template = Template.fromStack(everything(app));

/** Actions that IAM lets nobody narrow to a resource, or only to one that Lambda has yet to make: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const nameless = [
  'cloudwatch:GetMetricStatistics',
  'cloudwatch:PutMetricData',
  'dynamodb:ListStreams',
  'ec2:CreateNetworkInterface',
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ecr:GetAuthorizationToken',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

test('no action is a wildcard, and no resource that has a name', () => {
  const loose = statementsOf(template).filter(({ statement }) => {
    const actions = [statement.Action].flat();
    const isAnywhere = [statement.Resource].flat().includes('*');
    return (
      actions.some(action => action.includes('*')) ||
      (isAnywhere && actions.some(action => !nameless.includes(action)))
    );
  });
  expect(loose).toEqual([]);
});

test('nobody in the world may do anything', () => {
  const open = statementsOf(template).filter(({ statement }) => {
    const principal = JSON.stringify(statement.Principal ?? '');
    return principal.includes('"*"');
  });
  expect(open).toEqual([]);
});

test('AWS’s own rules, and CDK’s, find nothing that the constructs do not acknowledge, with a reason', () => {
  delete process.env.CDK_VALIDATION;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth({ force: true })).not.toThrow();
  expect(process.exitCode ?? 0).toBe(0);
});

const hasCfnLint = spawnSync('cfn-lint', ['--version']).status === 0;

test.skipIf(!hasCfnLint)('cfn-lint finds nothing', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'coldpress-lint-')), 'template.json');
  writeFileSync(path, JSON.stringify(template.toJSON()));
  const { stdout } = spawnSync('cfn-lint', ['-t', path, '-i', 'W3005'], { encoding: 'utf8' });
  expect(stdout).toBe('');
});
