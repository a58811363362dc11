import { chartWidth, type Drawing } from '../../bench/report/charts/draw.ts';
import { counted } from '../../counted.ts';
import type { ColumnDrift } from '../assess.ts';
import type { DriftReport } from '../drift.ts';

const referenceColor = 'var(--runtime)';
const currentColor = 'var(--model)';
const mostLabel = 18;

/** Shares of the reference and the current rows in each bin. */
export function distributionChart({ name, role, bins }: ColumnDrift, { Plot, draw }: Drawing): string {
  const labels = bins.map(({ label }, index) => `${index}\u0000${label}`);
  const bars = bins.flatMap(({ reference, current }, index) => [
    { bin: labels[index]!, when: 'reference', share: 100 * reference },
    { bin: labels[index]!, when: 'now', share: 100 * current },
  ]);
  return draw(`Distribution of the ${role} ${name}`, {
    width: chartWidth,
    height: 230,
    marginLeft: 54,
    marginBottom: 92,
    fx: { domain: labels, axis: null, padding: 0.14 },
    x: { axis: null, domain: ['reference', 'now'], padding: 0 },
    y: { label: '% of rows', grid: true },
    marks: [
      Plot.barY(bars, {
        fx: 'bin',
        x: 'when',
        y: 'share',
        fill: ({ when }) => (when === 'now' ? currentColor : referenceColor),
        title: ({ bin, when, share }) => `${bin.split('\u0000')[1]}, ${when}: ${share.toFixed(1)} %`,
      }),
      Plot.ruleY([0]),
      Plot.axisFx({
        anchor: 'bottom',
        label: null,
        tickRotate: -32,
        textAnchor: 'end',
        lineAnchor: 'top',
        dy: 4,
        tickFormat: (bin: string) => shorten(bin.split('\u0000')[1]!),
      }),
    ],
  });
}

/** The distance on each day, and the level that 95 % of days without drift stay below. */
export function timelineChart({ days }: DriftReport, { Plot, draw }: Drawing): string | undefined {
  const dates = [...new Set(days.map(({ day }) => day))];
  if (dates.length < 2) {
    return undefined;
  }
  const names = [...new Set(days.map(({ name }) => name))];
  const points = days.map(point => ({ ...point, date: new Date(point.day) }));
  return draw('Distance from the reference, day by day', {
    width: chartWidth,
    height: 60 + 90 * names.length,
    marginLeft: 54,
    marginRight: 20,
    marginTop: 30,
    x: { type: 'utc', label: null },
    y: { label: 'Jensen-Shannon distance', grid: true, ticks: 3 },
    fy: { domain: names, axis: null },
    marks: [
      Plot.areaY(points, {
        x: 'date',
        y: 'expected',
        fy: 'name',
        fill: referenceColor,
        fillOpacity: 0.25,
      }),
      Plot.lineY(points, {
        x: 'date',
        y: 'jensenShannonDistance',
        fy: 'name',
        stroke: currentColor,
        strokeWidth: 2,
      }),
      Plot.dot(points, {
        x: 'date',
        y: 'jensenShannonDistance',
        fy: 'name',
        r: 3.5,
        fill: currentColor,
        title: ({ name, day, rows, jensenShannonDistance }) =>
          `${name}, ${day}: ${jensenShannonDistance.toFixed(3)} of ${counted(rows, 'row')}`,
      }),
      Plot.text(names, {
        fy: (name: string) => name,
        text: (name: string) => shorten(name, 60),
        frameAnchor: 'top-left',
        dx: 6,
        dy: -6,
        fontWeight: 'bold',
        fill: 'var(--ink)',
        stroke: 'var(--paper)',
        strokeWidth: 5,
      }),
    ],
  });
}

/** Predicted chances and observed shares. */
export function calibrationChart({ performance }: DriftReport, { Plot, draw }: Drawing): string | undefined {
  if (performance === null || performance.calibration.length < 2) {
    return undefined;
  }
  const points = performance.calibration;
  return draw('Calibration', {
    width: chartWidth,
    height: 300,
    marginLeft: 54,
    x: { label: 'predicted chance', domain: [0, 1], grid: true },
    y: { label: 'observed share', domain: [0, 1], grid: true },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: 'var(--muted)', strokeDasharray: '4 3' },
      ),
      Plot.line(points, { x: 'predicted', y: 'observed', stroke: currentColor, strokeWidth: 2 }),
      Plot.dot(points, {
        x: 'predicted',
        y: 'observed',
        r: 4,
        fill: currentColor,
        title: ({ rows }) => counted(rows, 'record'),
      }),
    ],
  });
}

function shorten(label: string, most: number = mostLabel): string {
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
}
