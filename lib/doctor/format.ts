import { styleText } from 'node:util';
import type { Diagnosis } from './diagnose.ts';
import type { Finding } from './pain.ts';

/** A diagnosis for a terminal or a file. */
export function formatDiagnosis({ looked, subject, findings }: Diagnosis, hasColors: boolean): string {
  const bold = (text: string) => (hasColors ? styleText('bold', text, { validateStream: false }) : text);
  if (findings.length === 0) {
    return looked === 'text'
      ? `Nothing that coldpress knows is in this text: "${subject}"\n\n` +
          'If it is of a function, give more of its log. `coldpress doctor DIR` looks at a project or an artifact.\n'
      : `${looked} ${subject}: nothing found\n`;
  }
  const count = findings.length === 1 ? 'one thing' : `${findings.length} things`;
  return [`${looked} ${subject}: ${count} found`, ...findings.map(finding => formatFinding(finding, bold))]
    .join('\n\n')
    .concat('\n');
}

function formatFinding(
  { id, where, evidence, cause, fix, command, link }: Finding,
  bold: (text: string) => string,
): string {
  const rows: [string, string | undefined][] = [
    ['where', where],
    ['seen', evidence],
    ['cause', cause === evidence ? undefined : cause],
    ['fix', fix],
    ['run', command],
    ['more', link],
  ];
  const lines = rows.flatMap(([name, text]) => (text === undefined ? [] : `  ${name.padEnd(6)} ${text}`));
  return [bold(id), ...lines].join('\n');
}
