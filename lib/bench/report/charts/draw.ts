import type * as ObservablePlot from '@observablehq/plot';

/** Draws charts without a browser: the chart library, and a document for it to build SVG in. */
export interface Drawing {
  Plot: typeof ObservablePlot;
  /** Draws to the text of an SVG element, which `label` tells those of who cannot see it. */
  draw(label: string, options: ObservablePlot.PlotOptions): string;
}

/** One chart of the report. */
export interface Chart {
  title: string;
  /** How to read it. */
  caption: string;
  svg: string;
}

export const chartWidth = 860;

/** Loads the libraries, which nothing else of coldpress needs. */
export async function openDrawing(): Promise<Drawing> {
  const Plot = await import('@observablehq/plot');
  const { parseHTML } = await import('linkedom');
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return {
    Plot,
    draw(label, options) {
      const svg = Plot.plot({
        width: chartWidth,
        // Below the axis's figures, which are larger here than the library's own.
        marginBottom: 48,
        style: { fontSize: '13px' },
        ...options,
        ...(options.x === undefined || options.x === null ? {} : { x: { labelOffset: 42, ...options.x } }),
        document,
      });
      // The parts of a picture have no names of their own.
      for (const part of svg.querySelectorAll('[aria-label], [aria-description]')) {
        part.removeAttribute('aria-label');
        part.removeAttribute('aria-description');
      }
      svg.setAttribute('role', 'img');
      svg.setAttribute('aria-label', label);
      svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
      return svg.outerHTML;
    },
  };
}

/** Room for the longest name beside the frame. */
export function marginFor(names: readonly string[]): number {
  return 20 + 7.7 * Math.min(46, Math.max(...names.map(name => name.length)));
}
