import { escapeHtml } from '../../contract/escape-html.ts';
import type { Advice } from '../advise.ts';
import { otherwise, questions } from '../decide.ts';

const row = { height: 62, box: 44 } as const;
const question = { x: 10, width: 540 } as const;
const answer = { x: 640, width: 210 } as const;
const width = 860;
const lineHeight = 17;

/**
 * Draws the decision as a tree: questions on the left, with each "yes" leading to the right. The branch taken is
 * highlighted.
 */
export function drawTree({ path, recommended }: Advice): string {
  const last = path.at(-1)?.answer === 'yes' ? path.length - 1 : questions.length;
  const height = row.height * (questions.length + 1) + 6;
  const rows = questions.map(({ ask, leads }, index) => {
    const y = 6 + index * row.height;
    const isReached = index <= last;
    const isTaken = index === last;
    const middle = y + row.box / 2;
    return [
      box({ ...question, y, text: ask, isLit: isReached }),
      edge(`M${question.x + question.width} ${middle}H${answer.x}`, isTaken),
      label(595, middle - 6, 'yes', isTaken),
      box({ ...answer, y, text: leads, isLit: isTaken }),
      edge(`M60 ${y + row.box}v${row.height - row.box}`, isReached && !isTaken),
      label(84, y + row.box + 13, 'no', isReached && !isTaken),
    ].join('\n');
  });
  const end = { x: question.x, width: 240, y: 6 + questions.length * row.height };
  const isFunction = last === questions.length;
  rows.push(box({ ...end, text: otherwise.leads, isLit: isFunction }));
  return `<svg viewBox="0 0 ${width} ${height}" class="tree" role="img" aria-label="${escapeHtml(`The decision: ${recommended.title}`)}">
${rows.join('\n')}
</svg>`;
}

/** Draws text in a frame; each of its lines is one element. */
export function box(options: {
  x: number;
  y: number;
  width: number;
  height?: number;
  text: string | readonly string[];
  isLit: boolean;
}): string {
  const { x, y, width, height = row.box, isLit } = options;
  const lines = [options.text].flat();
  const first = y + height / 2 + 5 - (lineHeight / 2) * (lines.length - 1);
  const kind = isLit ? 'lit' : 'dim';
  return (
    `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>` +
    lines
      .map(
        (line, index) =>
          `<text class="${kind}" x="${x + 12}" y="${first + lineHeight * index}">${escapeHtml(line)}</text>`,
      )
      .join('')
  );
}

export function edge(path: string, isLit: boolean): string {
  return `<path class="${isLit ? 'lit' : 'dim'}" d="${path}"/>`;
}

export function label(x: number, y: number, text: string, isLit: boolean): string {
  return `<text class="${isLit ? 'lit' : 'dim'} small" x="${x}" y="${y}" text-anchor="middle">${text}</text>`;
}
