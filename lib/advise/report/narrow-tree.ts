import { escapeHtml } from '../../contract/escape-html.ts';
import type { Advice } from '../advise.ts';
import { otherwise, questions } from '../decide.ts';
import { box, edge, label } from './tree.ts';

const width = 358;
const question = { x: 2, width: 354, height: 52 } as const;
const answer = { x: 70, width: 286, height: 34 } as const;
const gap = 12;
const rowHeight = question.height + answer.height + 2 * gap;
/** The x positions of the "no" and "yes" branches. */
const [noX, yesX] = [20, 50];
const mostCharacters = 38;

/** Draws the decision for a phone: each answer is below its question. */
export function drawNarrowTree({ path, recommended }: Advice): string {
  const last = path.at(-1)?.answer === 'yes' ? path.length - 1 : questions.length;
  const rows = questions.map(({ ask, leads }, index) => {
    const y = 2 + index * rowHeight;
    const bottom = y + question.height;
    const isTaken = index === last;
    const goesOn = index < last;
    return [
      edge(`M${noX} ${bottom}V${y + rowHeight}`, goesOn),
      label(noX + 13, y + rowHeight - 6, 'no', goesOn),
      edge(`M${yesX} ${bottom}v${gap + answer.height / 2}H${answer.x}`, isTaken),
      label(yesX + 16, bottom + gap, 'yes', isTaken),
      box({ ...question, y, text: wrap(ask), isLit: index <= last }),
      box({ ...answer, y: bottom + gap, text: leads, isLit: isTaken }),
    ].join('\n');
  });
  const y = 2 + questions.length * rowHeight;
  rows.push(
    box({ ...question, height: answer.height, y, text: otherwise.leads, isLit: last === questions.length }),
  );
  return `<svg viewBox="0 0 ${width} ${y + answer.height + 2}" class="tree" role="img" aria-label="${escapeHtml(`The decision: ${recommended.title}`)}">
${rows.join('\n')}
</svg>`;
}

/** Breaks a long text into two lines. */
function wrap(text: string): string[] {
  if (text.length <= mostCharacters) {
    return [text];
  }
  const space = text.lastIndexOf(' ', mostCharacters);
  return [text.slice(0, space), text.slice(space + 1)];
}
