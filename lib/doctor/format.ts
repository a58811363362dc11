import { styleText } from 'node:util';
import type { NotChecked } from './checked.ts';
import type { ComparedDeployed } from './deployed/compare.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Finding } from './pain.ts';
import { shortHash } from './short-hash.ts';

/** Formats a diagnosis for a terminal or a file. */
export function formatDiagnosis(diagnosis: Diagnosis, hasColors: boolean): string {
  const bold = (text: string) => (hasColors ? styleText('bold', text, { validateStream: false }) : text);
  const { findings, notChecked } = diagnosis;
  return [
    headline(diagnosis),
    ...(diagnosis.deployed === undefined ? [] : [formatDeployed(diagnosis.deployed, bold)]),
    ...findings.map(finding => formatFinding(finding, bold)),
    ...(notChecked.length === 0
      ? []
      : [[bold('not checked'), ...notChecked.map(formatNotChecked)].join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

function headline({ looked, subject, findings }: Diagnosis): string {
  if (findings.length === 0 && subject === '') {
    return 'The input is empty.';
  }
  if (findings.length === 0) {
    return looked === 'text'
      ? `Nothing that coldpress knows is in this text: "${subject}"\n\n` +
          'If it is the log of a function, pass more of it. `npx coldpress doctor DIR` looks at a project or an artifact.'
      : `${looked} ${subject}: no problems found`;
  }
  return `${looked} ${subject}: ${findings.length === 1 ? 'one thing' : `${findings.length} things`} found`;
}

function formatDeployed(
  { subject, changed, rows }: ComparedDeployed,
  bold: (text: string) => string,
): string {
  const hasLock = rows.some(({ lock }) => lock !== undefined);
  const table = [
    ['', 'deployed', 'artifact', ...(hasLock ? ['lock'] : []), ''],
    ...rows.map(({ what, deployed, artifact, lock = '', equal }) => [
      ...[what, shortHash(deployed), shortHash(artifact)],
      ...(hasLock ? [shortHash(lock)] : []),
      equal ? 'same' : 'differs',
    ]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map(row => row[column]!.length)));
  const lines = table.map(row => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  const when = changed === undefined ? '' : `, changed ${changed}`;
  return [bold(`${subject}${when}`), ...lines.map(line => `  ${line}`.trimEnd())].join('\n');
}

function formatNotChecked({ where, what, why }: NotChecked): string {
  return `  ${where}: ${what}; ${why}`;
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
