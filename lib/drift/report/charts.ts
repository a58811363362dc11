import type { Chart, Drawing } from '../../bench/report/charts/draw.ts';
import { counted } from '../../counted.ts';
import type { ColumnDrift } from '../assess.ts';
import type { DriftReport } from '../drift.ts';
import { describeColumn } from '../format.ts';

const referenceColor = 'var(--runtime)';
const currentColor = 'var(--model)';
const mostLabel = 18;
const mostNarrowLabel = 14;
/** Up to this number of days, each has a tick. */
const mostTickedDays = 8;

/** Shares of the reference and the current rows in each bin. */
export function distributionChart(column: ColumnDrift, { Plot, draw, isNarrow }: Drawing): Chart {
  const { name, role, bins } = column;
  const labels = bins.map(({ label }, index) => `${index}\u0000${label}`);
  const bars = bins.flatMap(({ reference, current }, index) => [
    { bin: labels[index]!, when: 'reference', share: 100 * reference },
    { bin: labels[index]!, when: 'now', share: 100 * current },
  ]);
  const title = `Distribution of the ${role} ${name}`;
  const [, ...lines] = describeColumn(column);
  const svg = draw(title, {
    height: isNarrow ? 260 : 230,
    marginTop: 30,
    marginLeft: isNarrow ? 40 : 54,
    marginBottom: isNarrow ? 122 : 92,
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
        tickRotate: isNarrow ? -60 : -32,
        textAnchor: 'end',
        lineAnchor: 'top',
        dy: 4,
        tickFormat: (bin: string) => shorten(bin.split('\u0000')[1]!, isNarrow ? mostNarrowLabel : mostLabel),
      }),
    ],
  });
  return { title, caption: lines.map(line => line.trim()).join('; '), svg };
}

/** The distance on each day, and the level that 95 % of days without drift stay below. */
export function timelineChart({ days }: DriftReport, drawing: Drawing): Chart | undefined {
  const { Plot, draw, isNarrow } = drawing;
  const dates = [...new Set(days.map(({ day }) => day))];
  if (dates.length < 2) {
    return undefined;
  }
  const names = [...new Set(days.map(({ name }) => name))];
  const points = days.map(point => ({ ...point, date: new Date(point.day) }));
  const title = 'Distance from the reference, day by day';
  const few = dates.length <= (isNarrow ? mostTickedDays / 2 : mostTickedDays);
  const svg = draw(title, {
    height: 60 + 90 * names.length,
    marginLeft: isNarrow ? 40 : 54,
    marginRight: 34,
    marginTop: 30,
    x: {
      type: 'utc',
      label: null,
      // Without this, the axis of a few days has ticks at hours.
      ...(few
        ? { ticks: dates.map(day => new Date(day)), tickFormat: '%b %-d' }
        : { ticks: isNarrow ? 4 : 10 }),
    },
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
        text: (name: string) => shorten(name, isNarrow ? 30 : 60),
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
  const caption =
    'The line is the distance from the reference. Without drift, 95 of 100 days are in the grey area.';
  return { title, caption, svg };
}

/** Predicted probabilities and observed shares. */
export function calibrationChart({ performance }: DriftReport, { Plot, draw }: Drawing): Chart | undefined {
  if (performance === null || performance.calibration.length < 2) {
    return undefined;
  }
  const points = performance.calibration;
  const svg = draw('Calibration', {
    height: 300,
    marginLeft: 54,
    x: { label: 'predicted probability', domain: [0, 1], grid: true },
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
  return { title: 'Calibration', caption: 'A well-calibrated model is on the dashed line.', svg };
}

function shorten(label: string, most: number): string {
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
}
