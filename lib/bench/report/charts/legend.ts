import type { Markish } from '@observablehq/plot';
import type { Drawing } from './draw.ts';
import { seriesColors } from './series.ts';

const lineHeight = 18;

/** Draws names next to dots of their colours, from the top right corner down; outside the frame if `outside` is set. */
export function legend(
  { Plot }: Pick<Drawing, 'Plot'>,
  names: readonly string[],
  { outside = false }: { outside?: boolean } = {},
): Markish[] {
  const place = outside
    ? ({ dot: 20, text: 32, textAnchor: 'start' } as const)
    : ({ dot: -12, text: -24, textAnchor: 'end' } as const);
  return names.flatMap((name, line) => {
    const row = { frameAnchor: 'top-right', dy: 10 + lineHeight * line } as const;
    return [
      Plot.text([name], {
        ...row,
        dx: place.text,
        textAnchor: place.textAnchor,
        lineAnchor: 'middle',
        fontWeight: 'bold',
        stroke: 'var(--paper)',
        fill: 'var(--ink)',
        strokeWidth: 6,
      }),
      Plot.dot([name], { ...row, dx: place.dot, r: 5, fill: seriesColors[line % seriesColors.length]! }),
    ];
  });
}
