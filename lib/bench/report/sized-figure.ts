import type { SizedChart } from './charts/draw.ts';
import { scrolling } from './scrolling.ts';

/** Shows one of the two drawings of `sizedFigure`, depending on the page's width. */
export const sizedCss = `figure .wide svg{width:100%;min-width:620px;height:auto}.narrow{display:none}.narrow svg{width:100%;height:auto}
@media(max-width:640px){.wide{display:none}.narrow{display:block}}`;

/** A chart that fits the width of the page. */
export function sizedFigure({
  title,
  svg,
  narrowSvg,
}: Pick<SizedChart, 'title' | 'svg' | 'narrowSvg'>): string {
  return `<div class="wide">${scrolling(title, svg)}</div><div class="narrow">${narrowSvg}</div>`;
}
