import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OnnxDashboard } from '../../lib/cdk/index.ts';
import { formatSlots } from '../../lib/contract/drift-counts.ts';
import { countedColumns, type Profile } from '../../lib/contract/profile.ts';
import { referenceSlots } from '../../lib/drift/histogram.ts';
import { hasMoto, startMoto } from '../runtime/sinks/moto.ts';
import { errorOf, example, newFunction, newStack, resourcesOf, root, statementsOf } from './app.ts';

const samples = join(example, 'samples.csv');
const app = new App();
const stack = new Stack(app, 'Watched');
const fn = newFunction(stack, { config: { samples } });
const alarm = fn.alarmOnDrift({ window: Duration.days(2) });
fn.alarms.map(made => made.addAlarmAction(new SnsAction(new Topic(stack, `T${made.node.addr}`))));
new OnnxDashboard(stack, 'Dashboard');
const assembly = app.synth();
const template = Template.fromStack(stack);

describe('the template', () => {
  test('runs the function once a day, and rings at the threshold of alpha, and when a run fails', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'drift',
      Namespace: 'coldpress',
      Statistic: 'Maximum',
      Period: 86_400,
      Threshold: Match.anyValue(),
      Dimensions: [{ Name: 'function', Value: Match.anyValue() }],
      TreatMissingData: 'ignore',
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Errors', Threshold: 1 });
    expect(fn.alarms).toHaveLength(2);
  });

  test('the function may read the log of the model’s function, and write its own', () => {
    const role = stack.getLogicalId(alarm.function.role!.node.defaultChild as never);
    const own = statementsOf(template).filter(
      ({ on }) => on.startsWith(role.slice(0, 15)) && on.includes('Policy'),
    );
    expect(own.flatMap(({ statement }) => statement.Action).sort()).toEqual(
      ['logs:CreateLogStream', 'logs:FilterLogEvents', 'logs:PutLogEvents'].sort(),
    );
    const read = own.find(({ statement }) => statement.Action === 'logs:FilterLogEvents')!.statement;
    const logGroup = stack.getLogicalId(fn.logGroup.node.defaultChild as never);
    expect(read.Resource).toEqual({ 'Fn::GetAtt': [logGroup, 'Arn'] });
  });

  test('the dashboard shows the metric, and only where there is one', () => {
    const body = (of: Template) => JSON.stringify(resourcesOf(of, 'AWS::CloudWatch::Dashboard'));
    expect(body(template)).toContain('MetricName=\\\\\\"drift\\\\\\"');
    const other = newStack('Unwatched');
    newFunction(other, { config: { samples } });
    new OnnxDashboard(other, 'Dashboard');
    expect(body(Template.fromStack(other))).not.toContain('drift');
  });

  test.each([
    ['a function without a profile', {}, {}, 'PROFILE_MISSING'],
    ['one that does not count', { samples, telemetry: { drift: false } }, {}, 'PROFILE_MISSING'],
    ['one without telemetry', { samples, telemetry: false }, {}, 'PROFILE_MISSING'],
    ['alpha of 5', { samples }, { alpha: 5 }, 'OPTION_OUT_OF_RANGE'],
    ['no looks', { samples }, { looks: 0 }, 'OPTION_OUT_OF_RANGE'],
    [
      'a window shorter than the time between two runs',
      { samples },
      { schedule: Schedule.rate(Duration.days(14)), window: Duration.days(7) },
      'OPTION_CONFLICT',
    ],
    ['a window longer than the log is kept', { samples }, { window: Duration.days(31) }, 'OPTION_CONFLICT'],
    [
      'a schedule too rare for the retention of the log',
      { samples },
      { schedule: Schedule.cron({ minute: '0', hour: '6', day: '1' }) },
      'OPTION_CONFLICT',
    ],
  ] as const)('%s is refused', (_, config, options, code) => {
    expect(errorOf(() => newFunction(newStack(), { config }).alarmOnDrift(options)).code).toBe(code);
  });

  test('a second alarm is refused', () => {
    const twice = newFunction(newStack(), { config: { samples } });
    twice.alarmOnDrift();
    expect(errorOf(() => twice.alarmOnDrift()).code).toBe('OPTION_CONFLICT');
  });

  test.each([
    ['weekly', Schedule.rate(Duration.days(7)), undefined, '168', '52'],
    ['every two weeks', Schedule.rate(Duration.days(14)), undefined, '336', '26'],
    ['hourly', Schedule.rate(Duration.hours(1)), undefined, '168', '8760'],
    ['on workdays', Schedule.expression('cron(0 6 ? * MON-FRI *)'), undefined, '168', '261'],
    [
      'quarterly, of a log that is kept',
      Schedule.rate(Duration.days(90)),
      RetentionDays.INFINITE,
      '2160',
      '4',
    ],
  ] as const)(
    'runs %s read what is new and share the chance of a year',
    (_, schedule, retention, hours, looks) => {
      const other = newStack();
      const logGroup = retention && new LogGroup(other, 'Log', { retention });
      newFunction(other, { config: { samples }, ...(logGroup && { logGroup }) }).alarmOnDrift({ schedule });
      const made = Template.fromStack(other);
      made.hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: Match.objectLike({ WINDOW_HOURS: hours, LOOKS: looks }) },
      });
      // CloudWatch evaluates 7 days at most, so the state has to last until the next run.
      for (const { Properties } of resourcesOf(made, 'AWS::CloudWatch::Alarm')) {
        expect(Properties).toMatchObject({
          Period: 86_400,
          EvaluationPeriods: 1,
          TreatMissingData: 'ignore',
        });
      }
    },
  );

  test('options are used', () => {
    const other = newStack('Hourly');
    newFunction(other, { config: { samples } }).alarmOnDrift({
      schedule: Schedule.rate(Duration.hours(1)),
      alpha: 0.01,
      looks: 24 * 365,
    });
    const made = Template.fromStack(other);
    made.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)' });
    made.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'drift', Threshold: 2 });
    made.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ WINDOW_HOURS: '168', ALPHA: '0.01', LOOKS: '8760' }) },
    });
  });
});

/** The code that the template deploys, where AWS's clients are found as Lambda's runtime lets them be found. */
function unpackHandler(): string {
  const [found = ''] = globSync('asset.*/profile.json', { cwd: assembly.directory });
  const dir = mkdtempSync(join(tmpdir(), 'coldpress-drift-alarm-'));
  cpSync(join(assembly.directory, dirname(found)), join(dir, 'task'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  return join(dir, 'task');
}

/** Lines of one row each, of bins that are drawn as often as the reference has them, but for `shifted`. */
function linesOf(profile: Profile, rows: number, shifted?: string): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const counts = countedColumns(profile).map(column => {
      const slots = referenceSlots(column);
      const of = slots.map(() => 0);
      const all = slots.flatMap((count, slot) => Array<number>(count).fill(slot));
      of[column.name === shifted ? slots.length - 1 : all[(row * 7) % all.length]!] = 1;
      return formatSlots(of);
    });
    const drift = { v: 1, profile: profile.id, id: `0.${row}`, rows: 1, counts: counts.join() };
    return JSON.stringify({ requestId: `${row}`, modelSha256: profile.model.sha256, drift });
  });
}

describe.skipIf(!hasMoto)('the function (needs moto_server)', () => {
  const task = unpackHandler();
  const profile: Profile = JSON.parse(readFileSync(join(task, 'profile.json'), 'utf8'));
  let moto: { close: () => void };
  beforeAll(async () => {
    moto = await startMoto();
  }, 60_000);
  afterAll(() => moto?.close());

  async function fill(group: string, messages: string[]): Promise<string> {
    const client = new CloudWatchLogsClient();
    const stream = { logGroupName: group, logStreamName: '2026/11/28/[3]0123' };
    await client.send(new CreateLogGroupCommand({ logGroupName: group }));
    await client.send(new CreateLogStreamCommand(stream));
    const timestamp = Date.now() - 60_000;
    const logEvents = messages.map(message => ({ message, timestamp }));
    await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
    return `arn:aws:logs:us-east-1:123456789012:log-group:${group}:*`;
  }

  /** The line that it writes. */
  async function invoke(LOG_GROUP: string) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', "const { handler } = await import('./index.mjs'); await handler();"],
      {
        cwd: task,
        env: {
          ...process.env,
          LOG_GROUP,
          MODEL_FUNCTION: 'churn',
          NAMESPACE: 'coldpress',
          WINDOW_HOURS: '48',
          ALPHA: '0.05',
          LOOKS: '365',
        },
      },
    );
    return JSON.parse(stdout);
  }

  test('writes a metric above the threshold, and names the column', async () => {
    const group = await fill('Churn-Logs-drifted', linesOf(profile, 200, profile.features[3]!.name));
    const line = await invoke(group);
    expect(line._aws.CloudWatchMetrics).toEqual([
      { Namespace: 'coldpress', Dimensions: [['function']], Metrics: [{ Name: 'drift', Unit: 'None' }] },
    ]);
    expect(line).toMatchObject({ function: 'churn', drifted: true, rows: 200, message: 'Drift: 1 feature' });
    expect(line.columns.map(({ name }: { name: string }) => name)).toEqual([profile.features[3]!.name]);
    expect(line.drift).toBeGreaterThan(1.31);
  });

  test('without drift it stays below; without rows it is 0', async () => {
    const calm = await invoke(await fill('Churn-Logs-calm', linesOf(profile, 200)));
    expect([calm.drifted, calm.drift < 1.3, calm.rows]).toEqual([false, true, 200]);
    const empty = await invoke(await fill('Churn-Logs-empty', ['START']));
    expect(empty).toMatchObject({ drift: 0, drifted: false, rows: 0 });
  });

  test('fails where there is no log', async () => {
    await expect(invoke('arn:aws:logs:us-east-1:123456789012:log-group:none:*')).rejects.toThrow(
      /no log group none/,
    );
  });
});
