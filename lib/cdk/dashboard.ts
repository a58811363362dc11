import { Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { defaultSettings } from '../contract/defaults.ts';
import { lambdaPrices } from '../targets/aws-lambda/prices.ts';
import { DriftAlarm } from './drift-alarm.ts';
import { OnnxEndpoint } from './endpoint/endpoint.ts';
import { OnnxFunction } from './function.ts';
import { topStack } from './top-stack.ts';

export interface OnnxDashboardProps {
  /**
   * The functions to show.
   * @default all models of the app; inside a stage, those of the stage
   */
  readonly functions?: OnnxFunction[];
  /**
   * The endpoints to show.
   * @default all endpoints of the app or stage; none if `functions` is set
   */
  readonly endpoints?: OnnxEndpoint[];
  /**
   * Name of the dashboard: letters, digits, hyphens and underscores.
   * @default chosen by CloudFormation
   */
  readonly dashboardName?: string;
}

/** Prices of us-east-1, because a dashboard spans regions. */
const usd = lambdaPrices();
const widget = { width: 12, height: 6 } as const;
const day = 86_400;

/**
 * One dashboard for all models of an app, in all its stacks. It finds functions by name instead of by reference, so
 * that no stack depends on another.
 */
export class OnnxDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OnnxDashboardProps = {}) {
    super(scope, id);
    const body = Lazy.string({
      // Produced lazily, when all models of the app exist.
      produce: () => {
        const functions = props.functions ?? (props.endpoints === undefined ? allOf(this, OnnxFunction) : []);
        const endpoints = props.endpoints ?? (props.functions === undefined ? allOf(this, OnnxEndpoint) : []);
        const widgets = [...toWidgets(this, functions), ...endpointWidgets(this, endpoints)];
        return JSON.stringify({ widgets: layOut(widgets) });
      },
    });
    new cloudwatch.CfnDashboard(this, 'Dashboard', {
      dashboardBody: body,
      ...(props.dashboardName !== undefined && { dashboardName: props.dashboardName }),
    });
  }
}

function allOf<Model extends Construct>(
  scope: Construct,
  type: abstract new (...args: never) => Model,
): Model[] {
  const whole = Stage.of(scope) ?? scope.node.root;
  return whole.node.findAll().filter((node): node is Model => node instanceof type);
}

/** Grouped, because a widget shows only one region. */
function groupByRegion<Model extends Construct>(scope: Construct, models: Model[]): Map<string, Model[]> {
  return Map.groupBy(models, model => {
    const { region } = Stack.of(model);
    return Token.isUnresolved(region) ? Stack.of(scope).region : region;
  });
}

const endpointMetrics: [title: string, name: string, statistic: string][] = [
  ['Endpoints: requests', 'Invocations', 'Sum'],
  ['Endpoints: answers of 5xx', 'Invocation5XXErrors', 'Sum'],
  ['Endpoints: model latency, p99 (microseconds)', 'ModelLatency', 'p99'],
  ['Endpoints: overhead latency, p99 (microseconds)', 'OverheadLatency', 'p99'],
];

function endpointWidgets(scope: Construct, endpoints: OnnxEndpoint[]): object[] {
  const byRegion = groupByRegion(scope, endpoints);
  return [...byRegion].flatMap(([region, models]) => {
    const which = models.map(({ endpointName }) => `"${endpointName}"`).join(' OR ');
    const place = { region, titleEnd: byRegion.size > 1 ? `, ${region}` : '' };
    return endpointMetrics.map(([title, name, statistic]) =>
      metrics(title, place, [
        `SEARCH('{AWS/SageMaker,EndpointName,VariantName} MetricName="${name}" AND EndpointName=(${which})', '${statistic}', 300)`,
      ]),
    );
  });
}

function toWidgets(scope: Construct, functions: OnnxFunction[]): object[] {
  const byRegion = groupByRegion(scope, functions);
  return [...byRegion].flatMap(([region, models]) =>
    widgetsOf(models, { region, titleEnd: byRegion.size > 1 ? `, ${region}` : '' }),
  );
}

interface Place {
  region: string;
  /** The end of the widget titles, which names the region if there are several. */
  titleEnd: string;
}

function widgetsOf(functions: OnnxFunction[], place: Place): object[] {
  const stacks = [...new Set(functions.map(fn => topStack(fn).stackName))].sort();
  const which = [...new Set(functions.map(toPattern))].sort().join(' OR ');
  const own = namespaces(functions);
  const lambda = (title: string, name: string, statistic: string) =>
    metrics(title, place, [
      search({ namespace: 'AWS/Lambda', dimension: 'FunctionName', name, which }, statistic),
    ]);
  const telemetry = (title: string, name: string, statistic: string, seconds?: number) =>
    metrics(
      title,
      place,
      own.map(namespace => search({ namespace, dimension: 'function', name, which }, statistic, seconds)),
    );
  return [
    lambda('Invocations', 'Invocations', 'Sum'),
    lambda('Errors', 'Errors', 'Sum'),
    lambda('Throttles', 'Throttles', 'Sum'),
    telemetry('Records that failed', 'failures', 'Sum'),
    telemetry('Latency, median (ms)', 'latencyMs', 'p50'),
    telemetry('Latency, p99 (ms)', 'latencyMs', 'p99'),
    telemetry('Cold starts', 'cold', 'Sum'),
    ...(functions.some(hasDriftAlarm)
      ? [telemetry('Drift, calibrated (1.3 is a chance of 5 %)', 'drift', 'Maximum', day)]
      : []),
    ...queries('Cold starts by phase (ms)', place, stacks, [
      'filter cold = 1',
      'stats avg(phases.boot) as boot, avg(phases.native) as native, avg(phases.model) as model_, count(*) as coldStarts by model, bin(1h)',
    ]),
    ...queries('Cost of compute and requests (US dollars, estimate)', place, stacks, [
      "filter type = 'platform.report'",
      `stats sum(record.metrics.billedDurationMs * record.metrics.memorySizeMB) / 1024000 * ${gbSecond(functions)} + count(*) * ${usd.perMillionRequests / 1e6} as usd by bin(1d)`,
    ]),
  ];
}

function hasDriftAlarm(fn: OnnxFunction): boolean {
  return fn.node.children.some(child => child instanceof DriftAlarm);
}

function namespaces(functions: OnnxFunction[]): string[] {
  const named = functions.flatMap(({ manifest }) => {
    const { telemetry } = manifest ?? defaultSettings;
    return telemetry === false ? [] : [telemetry.namespace];
  });
  return [...new Set(named)].sort();
}

/** The price per GB-second of the more expensive CPU in use. */
function gbSecond(functions: OnnxFunction[]): number {
  const names = functions.map(fn => (fn.architecture.name === 'arm64' ? 'arm64' : 'x64'));
  return Math.max(...names.map(name => usd.perGbSecond[name]), usd.perGbSecond.arm64);
}

/**
 * The search pattern of a function's name, which starts with the stack name unless the app sets another. Unquoted text
 * matches any part of a name, word by word.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function toPattern(fn: OnnxFunction): string {
  const { functionName } = fn.node.defaultChild as lambda.CfnFunction;
  if (functionName !== undefined && !Token.isUnresolved(functionName)) {
    return `"${functionName}"`;
  }
  const { stackName } = topStack(fn);
  const words = stackName.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [stackName];
  return `(${words.join(' AND ')})`;
}

function search(
  {
    namespace,
    dimension,
    name,
    which,
  }: { namespace: string; dimension: string; name: string; which: string },
  statistic: string,
  seconds = 300,
): string {
  return `SEARCH('{${namespace},${dimension}} MetricName="${name}" AND ${dimension}=(${which})', '${statistic}', ${seconds})`;
}

function metrics(title: string, { region, titleEnd }: Place, expressions: string[]): object {
  return {
    type: 'metric',
    properties: {
      title: `${title}${titleEnd}`,
      region,
      view: 'timeSeries',
      metrics: expressions.map((expression, index) => [{ expression, id: `e${index}` }]),
    },
  };
}

/** Queries log groups by the names of their stacks; Logs Insights accepts at most five prefixes. */
function queries(title: string, { region, titleEnd }: Place, stacks: string[], lines: string[]): object[] {
  const parts = Array.from({ length: Math.ceil(stacks.length / 5) }, (_, i) =>
    stacks.slice(5 * i, 5 * i + 5),
  );
  return parts.map(part => {
    const source = `SOURCE logGroups(namePrefix: [${part.map(stack => `'${stack}'`).join(', ')}])`;
    const which = parts.length > 1 ? `, ${part.join(' ')}` : '';
    return {
      type: 'log',
      properties: {
        title: `${title}${titleEnd}${which}`,
        region,
        view: 'table',
        query: [source, ...lines].join(' | '),
      },
    };
  });
}

function layOut(widgets: object[]): object[] {
  return widgets.map((item, index) => ({
    ...item,
    ...widget,
    x: (index % 2) * widget.width,
    y: Math.floor(index / 2) * widget.height,
  }));
}
