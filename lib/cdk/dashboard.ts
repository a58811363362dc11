import { Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { OnnxFunction } from './function.ts';

export interface OnnxDashboardProps {
  /**
   * @default every model of the app
   */
  readonly functions?: OnnxFunction[];
  /**
   * Letters, digits, hyphens and underscores.
   * @default made by CloudFormation
   */
  readonly dashboardName?: string;
}

/** https://aws.amazon.com/lambda/pricing/, us-east-1. */
const usd = { perGbSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 }, perMillionRequests: 0.2 } as const;
const widget = { width: 12, height: 6 } as const;

/**
 * One dashboard for all models of an app, in whichever of its stacks they are. It finds them by what they are called
 * and refers to none, so that no stack keeps another from being updated or removed.
 */
export class OnnxDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OnnxDashboardProps = {}) {
    super(scope, id);
    const body = Lazy.string({
      // When the app is whole.
      produce: () => JSON.stringify({ widgets: layOut(toWidgets(this, props.functions ?? allModels(this))) }),
    });
    new cloudwatch.CfnDashboard(this, 'Dashboard', {
      dashboardBody: body,
      ...(props.dashboardName !== undefined && { dashboardName: props.dashboardName }),
    });
  }
}

function allModels(scope: Construct): OnnxFunction[] {
  return scope.node.root.node.findAll().filter(node => node instanceof OnnxFunction);
}

function toWidgets(scope: Construct, functions: OnnxFunction[]): object[] {
  const stacks = [...new Set(functions.map(fn => Stack.of(fn).stackName))].sort();
  const own = namespaces(functions);
  const lambda = (title: string, name: string, statistic: string) =>
    metrics(scope, title, [
      search({ namespace: 'AWS/Lambda', dimension: 'FunctionName', name, stacks }, statistic),
    ]);
  const telemetry = (title: string, name: string, statistic: string) =>
    metrics(
      scope,
      title,
      own.map(namespace => search({ namespace, dimension: 'function', name, stacks }, statistic)),
    );
  return [
    lambda('Invocations', 'Invocations', 'Sum'),
    lambda('Errors', 'Errors', 'Sum'),
    lambda('Throttles', 'Throttles', 'Sum'),
    telemetry('Records that failed', 'failures', 'Sum'),
    telemetry('Latency, median (ms)', 'latencyMs', 'p50'),
    telemetry('Latency, p99 (ms)', 'latencyMs', 'p99'),
    telemetry('Cold starts', 'cold', 'Sum'),
    query(scope, 'Cold starts by phase (ms)', [
      ...sources(stacks),
      'filter cold = 1',
      'stats avg(phases.boot) as boot, avg(phases.native) as native, avg(phases.model) as model_, count(*) as coldStarts by model, bin(1h)',
    ]),
    query(scope, 'Cost of compute and requests (US dollars, estimate)', [
      ...sources(stacks),
      "filter type = 'platform.report'",
      `stats sum(record.metrics.billedDurationMs * record.metrics.memorySizeMB) / 1024000 * ${gbSecond(functions)} + count(*) * ${usd.perMillionRequests / 1e6} as usd by bin(1d)`,
    ]),
  ];
}

function namespaces(functions: OnnxFunction[]): string[] {
  const named = functions.flatMap(({ manifest }) => {
    const telemetry = manifest?.telemetry ?? {};
    return telemetry === false ? [] : [telemetry.namespace ?? 'coldpress'];
  });
  return [...new Set(named)].sort();
}

/** The dearer of the CPUs that are in use. */
function gbSecond(functions: OnnxFunction[]): number {
  const names = functions.map(fn => (fn.architecture.name === 'arm64' ? 'arm64' : 'x86_64'));
  return Math.max(...names.map(name => usd.perGbSecond[name]), usd.perGbSecond.arm64);
}

/**
 * CloudFormation begins the names of functions with that of their stack. What is not quoted matches a part of a name,
 * by the words in it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function search(
  {
    namespace,
    dimension,
    name,
    stacks,
  }: { namespace: string; dimension: string; name: string; stacks: string[] },
  statistic: string,
): string {
  const words = (stack: string) => stack.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [stack];
  const which = stacks.map(stack => `(${words(stack).join(' AND ')})`).join(' OR ');
  return `SEARCH('{${namespace},${dimension}} MetricName="${name}" AND ${dimension}=(${which})', '${statistic}', 300)`;
}

/** Logs Insights takes at most five prefixes. */
function sources(stacks: string[]): string[] {
  const prefixes = stacks.slice(0, 5).map(stack => `'${stack}'`);
  return [`SOURCE logGroups(namePrefix: [${prefixes.join(', ')}])`];
}

function metrics(scope: Construct, title: string, expressions: string[]): object {
  return {
    type: 'metric',
    properties: {
      title,
      region: Stack.of(scope).region,
      view: 'timeSeries',
      metrics: expressions.map((expression, index) => [{ expression, id: `e${index}` }]),
    },
  };
}

function query(scope: Construct, title: string, lines: string[]): object {
  return {
    type: 'log',
    properties: { title, region: Stack.of(scope).region, view: 'table', query: lines.join(' | ') },
  };
}

function layOut(widgets: object[]): object[] {
  return widgets.map((item, index) => ({
    ...item,
    ...widget,
    x: (index % 2) * widget.width,
    y: Math.floor(index / 2) * widget.height,
  }));
}
