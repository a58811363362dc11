import type * as ObservablePlot from '@observablehq/plot';

/** Draws charts without a browser: the chart library, with a document in which it builds SVG. */
export interface Drawing {
  Plot: typeof ObservablePlot;
  /** Returns the text of an SVG element; `label` is its text for screen readers. */
  draw(label: string, options: ObservablePlot.PlotOptions): string;
  /** Whether the chart is for a phone. */
  isNarrow: boolean;
  /** Cuts a name to the space next to the frame. */
  shorten(name: string): string;
  /** Returns the width that the longest name needs next to the frame. */
  marginFor(names: readonly string[]): number;
}

/** One chart of the report. */
export interface Chart {
  title: string;
  /** Explains how to read the chart. */
  caption: string;
  svg: string;
}

/** A chart in two widths; a page shows the one that fits. */
export interface SizedChart extends Chart {
  narrowSvg: string;
}

export const chartWidth = 860;

/** `narrow` is the width of a phone less the page's margins. */
const sizes = {
  wide: { width: chartWidth, nameCharacters: 46 },
  narrow: { width: 358, nameCharacters: 14 },
} as const;

export async function openDrawings(): Promise<Record<keyof typeof sizes, Drawing>> {
  return { wide: await openDrawing('wide'), narrow: await openDrawing('narrow') };
}

/** Draws a chart in both widths; `undefined` if there is nothing to draw. */
export function drawSized<C extends Chart | undefined>(
  { wide, narrow }: Record<keyof typeof sizes, Drawing>,
  draw: (drawing: Drawing) => C,
): SizedChart | (undefined extends C ? undefined : never) {
  const chart = draw(wide);
  return (chart && { ...chart, narrowSvg: draw(narrow)!.svg }) as ReturnType<typeof drawSized<C>>;
}

/** Loads the libraries, which only charts need. */
export async function openDrawing(size: keyof typeof sizes = 'wide'): Promise<Drawing> {
  const { width, nameCharacters } = sizes[size];
  const Plot = await import('@observablehq/plot');
  const { parseHTML } = await import('linkedom');
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return {
    Plot,
    isNarrow: size === 'narrow',
    draw(label, options) {
      const svg = Plot.plot({
        width,
        // Room below the axis labels, which are larger here than the library's default.
        marginBottom: 48,
        style: { fontSize: '13px' },
        ...options,
        ...(options.x === undefined || options.x === null ? {} : { x: { labelOffset: 42, ...options.x } }),
        document,
      });
      // Screen readers should announce the picture as a whole, without its parts.
      for (const part of svg.querySelectorAll('[aria-label], [aria-description]')) {
        part.removeAttribute('aria-label');
        part.removeAttribute('aria-description');
      }
      svg.setAttribute('role', 'img');
      svg.setAttribute('aria-label', label);
      svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
      return svg.outerHTML;
    },
    shorten: name => (name.length <= nameCharacters ? name : `${name.slice(0, nameCharacters - 1)}…`),
    marginFor: names => 20 + 7.7 * Math.min(nameCharacters, Math.max(...names.map(name => name.length))),
  };
}
