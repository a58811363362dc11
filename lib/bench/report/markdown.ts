import type { Comparison } from '../compare.ts';
import type { BenchResult } from '../result.ts';
import { describeRun, makeTable } from './table.ts';
import { formatComparison } from './terminal.ts';

/** A report for a pull request or a README, next to the SVG file named `picture`. */
export function formatMarkdown(
  result: BenchResult,
  { picture, comparison }: { picture?: string; comparison?: Comparison | undefined } = {},
): string {
  const { head, rows } = makeTable(result);
  const line = (cells: string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const warnings = [...result.warnings, ...(comparison?.warnings ?? [])];
  return [
    ...(picture === undefined ? [] : [`![What the first answer is made of](${picture})`, '']),
    line(head),
    line(head.map((_, index) => (index === 0 ? '---' : '--:'))),
    ...rows.map(line),
    '',
    ...describeRun(result).map(text => `${text}  `),
    ...(comparison === undefined ? [] : ['', '```', ...formatComparison(comparison), '```']),
    ...(warnings.length === 0 ? [] : ['', '**Warnings**', '']),
    ...warnings.map(
      ({ variant, message, hint }) =>
        `- ${variant === undefined ? '' : `\`${variant}\`: `}${message} (${hint})`,
    ),
    '',
  ].join('\n');
}
