import { styleText } from 'node:util';
import type { Obstacle } from './fit.ts';
import type { ModelReport, OnnxDetails } from './inspect.ts';
import type { Value } from './signature.ts';
import { formatType } from './types.ts';

/** Operators beyond these are summed up. */
const OPERATORS_SHOWN = 12;

type Row = [label: string, text: string];

/** A report for people: aligned, names from the model made printable, colour where stdout is a terminal. */
export function formatReport(report: ModelReport): string {
  const rows: Row[] = [
    [
      'format',
      report.format === 'onnx'
        ? `ONNX, ${bytes(report.sizeBytes)}`
        : `ORT format, ${bytes(report.sizeBytes)}`,
    ],
    ...(report.sha256 === undefined ? [] : [['sha256', report.sha256] satisfies Row]),
    ...(report.onnx === undefined ? [] : onnxRows(report.onnx)),
    ...list(
      'external',
      report.externalData.map(({ location, sizeBytes }) => `${printable(location)}, ${bytes(sizeBytes)}`),
    ),
    ...list(
      'rewrite',
      report.rewrites.map(({ name, reason }) => `${name}: ${reason}`),
    ),
    ...list('obstacle', report.obstacles.map(formatObstacle)),
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

function onnxRows(onnx: OnnxDetails): Row[] {
  const { operators, parameters, producer } = onnx;
  const hidden = operators.slice(OPERATORS_SHOWN).reduce((sum, { count }) => sum + count, 0);
  const shown = operators.slice(0, OPERATORS_SHOWN).map(({ type, count }) => `${printable(type)} ${count}`);
  return [
    ['made by', printable([producer.name, producer.version].filter(Boolean).join(' ')) || 'unknown'],
    [
      'version',
      `IR ${onnx.irVersion}, ${onnx.opsets.map(({ domain, version }) => `${printable(domain)} ${version}`).join(', ')}`,
    ],
    ...list('input', onnx.signature.inputs.map(formatValue)),
    ...list('output', onnx.signature.outputs.map(formatValue)),
    [
      'operators',
      [...shown, ...(hidden > 0 ? [`${hidden} of ${operators.length - OPERATORS_SHOWN} others`] : [])].join(
        ', ',
      ) || 'none',
    ],
    ['parameters', `${parameters.count.toLocaleString('en')}, ${bytes(parameters.sizeBytes)}`],
    ...list(
      'metadata',
      Object.entries(onnx.metadata).map(([key, value]) => `${printable(key)} = ${printable(value)}`),
    ),
  ];
}

function list(label: string, texts: string[]): Row[] {
  return texts.map(text => [label, text]);
}

function formatValue({ name, type }: Value): string {
  return `${printable(name)}  ${printable(formatType(type))}`;
}

function formatObstacle({ code, message, hint }: Obstacle): string {
  return `${code}: ${printable(message)} (${printable(hint)})`;
}

/** Text from a model may hold control characters that a terminal obeys, and may be as long as the model. */
function printable(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, char =>
    JSON.stringify(char)
      .slice(1, -1)
      .replace(/[^\\\w]/u, '?'),
  );
  return visible.length > 200 ? `${visible.slice(0, 200)}…` : visible;
}

function bytes(count: number): string {
  return count < 1000
    ? `${count} B`
    : count < 1e6
      ? `${(count / 1e3).toFixed(1)} KB`
      : `${(count / 1e6).toFixed(1)} MB`;
}
