import { styleText } from 'node:util';
import { printable } from '../printable.ts';
import type { ReportedValue } from './common-report.ts';
import type { Obstacle } from './fit.ts';
import type { BoosterDetails } from './formats/describe.ts';
import type { ModelReport, OnnxDetails } from './inspect.ts';

/** Maximum number of operators listed; the others are summed up. */
const OPERATORS_SHOWN = 12;
const FEATURES_SHOWN = 30;

type Row = [label: string, text: string];

/** Formats a report for people: aligned, with names from the model made printable, coloured on a terminal. */
export function formatReport(report: ModelReport): string {
  const rows: Row[] = [
    ['format', `${formatName(report)}, ${bytes(report.sizeBytes)}`],
    ...(report.sha256 === undefined ? [] : [['sha256', report.sha256] satisfies Row]),
    ...(report.format === 'onnx' ? madeByRows(report) : []),
    ...list('input', report.signature.inputs.map(formatValue)),
    ...list('output', report.signature.outputs.map(formatValue)),
    ...(report.format === 'onnx' ? contentRows(report) : []),
    ...('trees' in report ? boosterRows(report) : []),
    ...list(
      'external',
      report.externalData.map(({ location, sizeBytes }) => `${visible(location)}, ${bytes(sizeBytes)}`),
    ),
    ...list(
      'rewrite',
      report.rewrites.map(({ name, reason }) => `${name}: ${reason}`),
    ),
    ...list('obstacle', report.obstacles.map(formatObstacle)),
    ...(report.obstacles.length === 0 ? engineRows(report) : []),
    ...report.targets.map(({ target, architecture, packable, reasons }): Row => {
      const verdict = packable ? styleText('green', 'can be packed') : styleText('red', 'cannot be packed');
      const own = reasons.filter(reason => !report.obstacles.includes(reason));
      return [`${target} ${architecture}`, [verdict, ...own.map(formatObstacle)].join(': ')];
    }),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, text], index) => {
    const shown = label === rows[index - 1]?.[0] ? '' : label;
    return `  ${styleText('dim', shown.padEnd(width))}  ${text}`;
  });
  return [styleText('bold', report.path), ...lines].join('\n');
}

function formatName(report: ModelReport): string {
  if ('library' in report) {
    return `${report.library}, as its library saved it`;
  }
  return report.format === 'onnx' ? 'ONNX' : `ORT ${visible(report.ortVersion)}`;
}

function boosterRows({ objective, classes, trees, depth, features }: BoosterDetails): Row[] {
  const text = ({ name, type, categories }: BoosterDetails['features'][number]) =>
    `${name}  ${categories === undefined ? type : `one of ${categories.length}: ${categories.slice(0, 5).join(', ')}`}`;
  return [
    ['objective', visible(objective)],
    ...(classes === null ? [] : [['classes', String(classes)] satisfies Row]),
    ['trees', `${trees}, at most ${depth} splits deep`],
    ...list(
      'feature',
      features.slice(0, FEATURES_SHOWN).map(feature => visible(text(feature))),
    ),
    ...(features.length > FEATURES_SHOWN
      ? [['feature', `${features.length - FEATURES_SHOWN} others`] satisfies Row]
      : []),
  ];
}

function madeByRows({ producer, irVersion, opsets }: OnnxDetails): Row[] {
  return [
    ['made by', visible([producer.name, producer.version].filter(Boolean).join(' ')) || 'unknown'],
    [
      'version',
      // A model may import a domain twice, by both of its names.
      [
        ...new Set([
          `IR ${irVersion}`,
          ...opsets.map(({ domain, version }) => `${visible(domain)} ${version}`),
        ]),
      ].join(', '),
    ],
  ];
}

const noGolden = 'the model answers differently each time, so no golden vector is kept';

function contentRows({ operators, parameters, metadata, randomOperators }: OnnxDetails): Row[] {
  const others = operators.slice(OPERATORS_SHOWN);
  const count = others.reduce((sum, operator) => sum + operator.count, 0);
  const shown = operators
    .slice(0, OPERATORS_SHOWN)
    .map(operator => `${visible(operator.type)} ${operator.count}`);
  if (count > 0) {
    shown.push(`${count} of ${others.length} others`);
  }
  return [
    ['operators', shown.join(', ') || 'none'],
    ...(parameters.count === 0
      ? []
      : [
          [
            'parameters',
            `${parameters.count.toLocaleString('en')}, ${bytes(parameters.sizeBytes)}`,
          ] satisfies Row,
        ]),
    ...(randomOperators.length === 0
      ? []
      : [['random', `${randomOperators.join(', ')}: ${noGolden}`] satisfies Row]),
    ...list(
      'metadata',
      Object.entries(metadata).map(([key, value]) => `${visible(key)} = ${visible(value)}`),
    ),
  ];
}

function list(label: string, texts: string[]): Row[] {
  return texts.map(text => [label, text]);
}

function formatValue({ name, type }: ReportedValue): string {
  return `${visible(name)}  ${visible(type)}`;
}

function formatObstacle({ code, message, hint }: Obstacle): string {
  return `${code}: ${visible(message, 500)} (${visible(hint, 500)})`;
}

/** Makes a text from a model printable and cuts it, because it may be as long as the model. */
function visible(text: string, limit = 200): string {
  const whole = printable(text);
  return whole.length > limit ? `${whole.slice(0, limit)}…` : whole;
}

function bytes(count: number): string {
  return count < 1000
    ? `${count} B`
    : count < 1e6
      ? `${(count / 1e3).toFixed(1)} KB`
      : `${(count / 1e6).toFixed(1)} MB`;
}

/** The limits of inspection: only running the model shows how it responds to an input. */
function engineRows(report: ModelReport): Row[] {
  if ('library' in report) {
    return [['engine', 'compiled']];
  }
  const { opened, notCompilable, needsSamples } = report;
  if (needsSamples !== undefined) {
    return list('engine', [
      visible(`not ONNX Runtime: ${needsSamples.message}`, 500),
      `compiled, if ${needsSamples.hint}`,
    ]);
  }
  return list('engine', [
    opened
      ? 'ONNX Runtime opens the model; packing runs it, too'
      : 'not started for so large a model; packing opens and runs it',
    notCompilable === undefined
      ? 'can be compiled, if packing proves the answers equal'
      : visible(`cannot be compiled: ${notCompilable}`),
  ]);
}
