import type { Chart, Drawing } from '../../bench/report/charts/draw.ts';
import type { Advice } from '../advise.ts';
import { managed } from '../decide.ts';
import { type OptionId, optionOf } from '../options.ts';

const colors: Partial<Record<OptionId, string>> = {
  lambda: 'var(--model)',
  google: 'var(--handler)',
  container: 'var(--native)',
  api: 'var(--first)',
  sagemaker: 'var(--answer)',
  vertex: 'var(--answer)',
  'azure-ml': 'var(--answer)',
};
const platforms: readonly OptionId[] = Object.values(managed);

/** Dashed lines can overlap another line and leave both visible. */
const dashed = platforms;

/** The range is at least a hundred to a hundred million requests per month. */
const [fewest, most] = [2, 8];
const stepsPerPower = 40;
const leastUsd = 0.01;

/** Requests per month between two powers of ten that enclose the given values. */
function trafficAround(shown: number[]): number[] {
  const powers = shown.map(Math.log10);
  const from = Math.min(fewest, Math.floor(Math.min(...powers)));
  const to = Math.max(most, Math.ceil(Math.max(...powers)));
  return Array.from(
    { length: (to - from) * stepsPerPower + 1 },
    (_, step) => 10 ** (from + step / stepsPerPower),
  );
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact' });

/** Labels powers of ten only; the lines between them have no label. */
function powersOfTen(usd: number): string {
  const power = Math.round(Math.log10(usd));
  return Math.abs(usd / 10 ** power - 1) < 1e-9 ? usd.toLocaleString('en-US') : '';
}

/** The options that cost something in the chosen cloud, with only that cloud's platform. */
function drawnOptions({ situation, options }: Advice): OptionId[] {
  return options
    .filter(({ id, monthlyUsd }) => id in colors && monthlyUsd !== null)
    .map(({ id }) => id)
    .filter(id => !platforms.includes(id) || id === managed[situation.cloud]);
}

/** Monthly cost by requests per month; `undefined` if no possible option has a price. */
export function costChart(advice: Advice, { Plot, draw, isNarrow }: Drawing): Chart | undefined {
  const { situation, breakEvenRequests } = advice;
  const shown = drawnOptions(advice);
  if (shown.length === 0) {
    return undefined;
  }
  const title = (id: OptionId) => optionOf(id).title;
  const yours = situation.requestsPerMonth;
  const marks = [
    { at: yours, text: 'yours', stroke: 'var(--ink)' },
    ...(breakEvenRequests === null
      ? []
      : [{ at: breakEvenRequests, text: 'break-even', stroke: 'var(--warning)' }]),
  ];
  const traffic = trafficAround(marks.map(({ at }) => at));
  const points = shown.flatMap(id =>
    traffic.flatMap(requestsPerMonth => {
      const usd = optionOf(id).monthlyUsd({ ...situation, requestsPerMonth });
      // A logarithmic scale has no zero, so costs below a cent are left out.
      return usd === null || usd < leastUsd ? [] : { id, title: title(id), requests: requestsPerMonth, usd };
    }),
  );
  // On a phone, the names would hide the lines.
  const namesBelow = isNarrow ? 20 + 18 * shown.length : 0;
  const svg = draw('What a month costs, by requests a month', {
    height: 380 + namesBelow,
    marginBottom: 48 + namesBelow,
    marginLeft: 70,
    marginRight: 34,
    marginTop: 50,
    x: { type: 'log', label: 'requests a month', tickFormat: compact.format, grid: true },
    y: {
      type: 'log',
      domain: [leastUsd, Math.max(100, ...points.map(({ usd }) => usd))],
      label: 'USD a month',
      tickFormat: powersOfTen,
      grid: true,
    },
    color: { domain: shown.map(title), range: shown.map(id => colors[id]!) },
    marks: [
      Plot.ruleX(marks, { x: 'at', stroke: 'stroke', strokeDasharray: '4 3' }),
      // One above the other, because they may be close together.
      ...marks.map((mark, row) =>
        Plot.text([mark], {
          x: 'at',
          text: 'text',
          frameAnchor: 'top',
          dy: -14 - 16 * row,
          fontWeight: 'bold',
          fill: 'stroke',
        }),
      ),
      ...[false, true].map(isDashed =>
        Plot.line(
          points.filter(({ id }) => dashed.includes(id) === isDashed),
          {
            x: 'requests',
            y: 'usd',
            stroke: 'title',
            strokeWidth: 2.5,
            ...(isDashed && { strokeDasharray: '7 5' }),
          },
        ),
      ),
      ...shown.map((id, line) =>
        Plot.text([title(id)], {
          frameAnchor: 'bottom-right',
          textAnchor: 'end',
          dx: -10,
          dy: isNarrow ? 66 + 18 * line : -12 - 18 * line,
          fill: colors[id]!,
          fontWeight: 'bold',
          stroke: 'var(--paper)',
          strokeWidth: 6,
        }),
      ),
    ],
  });
  return {
    title: 'What a month costs',
    caption: 'Both scales are logarithmic. At each step of a line, another instance is needed.',
    svg,
  };
}
