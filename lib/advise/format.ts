import { styleText } from 'node:util';
import type { Advice, OptionAdvice } from './advise.ts';
import { functionVcpu } from './decide.ts';
import { cloudNames } from './options.ts';
import { describeEngineOrigin, describeTimeOrigins } from './origins.ts';
import { type Situation, shapes } from './situation.ts';

/** Describes each known or assumed property in words. */
export const describers: Record<
  Exclude<keyof Situation, 'obstacles' | 'storedBytes'>,
  (situation: Situation) => string
> = {
  modelBytes: ({ modelBytes }) => `a model of ${formatSize(modelBytes)}`,
  engine: ({ engine }) => (engine === 'compiled' ? 'compiled' : 'on ONNX Runtime'),
  requestsPerMonth: ({ requestsPerMonth }) =>
    `${requestsPerMonth.toLocaleString('en-US')} ${requestsPerMonth === 1 ? 'request' : 'requests'} a month`,
  shape: ({ shape }) => `coming ${shapes[shape].title}`,
  latencyMs: ({ latencyMs }) => `answers within ${latencyMs.toLocaleString('en-US')} ms`,
  payloadMb: ({ payloadMb }) => `requests of ${formatSize(payloadMb * 1e6)}`,
  needsGpu: ({ needsGpu }) => (needsGpu ? 'a GPU' : 'no GPU'),
  hasDependencies: ({ hasDependencies }) =>
    hasDependencies ? 'packages other than ONNX Runtime' : 'no packages other than ONNX Runtime',
  reproducesEnvironment: ({ reproducesEnvironment }) =>
    reproducesEnvironment ? 'its training environment' : 'no environment to reproduce',
  onDevices: ({ onDevices }) => (onDevices ? 'on devices' : 'not on devices'),
  integrators: ({ integrators }) =>
    ({ developers: 'called by developers', analysts: 'run by analysts', 'ml-team': 'used by an ML team' })[
      integrators
    ],
  cloud: ({ cloud }) => (cloud === 'any' ? 'any cloud' : `on ${cloudNames[cloud]}`),
  coldMs: ({ coldMs }) => `${coldMs.toLocaleString('en-US')} ms cold`,
  warmMs: ({ warmMs }) => `${warmMs.toLocaleString('en-US')} ms warm`,
};

/** `52.6 KB`, `47 MB`, `2.1 GB` */
function formatSize(bytes: number): string {
  const [unit, size] =
    bytes < 1e6 ? (['KB', 1e3] as const) : bytes < 1e9 ? (['MB', 1e6] as const) : (['GB', 1e9] as const);
  return `${(bytes / size).toLocaleString('en-US', { maximumFractionDigits: 1 })} ${unit}`;
}

/** Amounts below a cent are not shown as zero. */
export function formatMonthlyUsd(usd: number | null): string {
  return usd === null
    ? '–'
    : usd > 0 && usd < 0.01
      ? 'under $0.01'
      : usd.toLocaleString('en-US', { style: 'currency', currency: 'USD' });
}

type Property = keyof typeof describers;

/** Describes in words what was specified and what was assumed. */
export function describeSituation({ situation, assumed }: Advice): {
  specified: string[];
  assumed: string[];
} {
  // Skipped if the engine cannot run the model, which then needs other packages whatever was assumed.
  const names = (Object.keys(describers) as Property[]).filter(
    name => !(name === 'hasDependencies' && assumed.includes(name) && situation.obstacles.length > 0),
  );
  const words = (isAssumed: boolean) =>
    names.filter(name => assumed.includes(name) === isAssumed).map(name => describers[name](situation));
  return { specified: words(false), assumed: words(true) };
}

/** Formats a share with as many digits as are meaningful. */
export function formatShare(share: number): string {
  return share < 0.0005 ? 'fewer than 0.1 %' : `${(100 * share).toFixed(1)} %`;
}

/** Describes engine, cold starts and costs in sentences; those of a function only if one is possible. */
export function describeNumbers(advice: Advice): string[] {
  return [...describeOrigins(advice), ...describeCosts(advice), ...describeLatency(advice)];
}

/** Skipped if no function can run the model: nothing depends on them then but the number of servers. */
function describeOrigins({ situation, origins, coldShare }: Advice): string[] {
  const times = describeTimeOrigins(situation, origins);
  return coldShare === null ? [times] : [describeEngineOrigin(situation, origins), times];
}

function describeCosts(advice: Advice): string[] {
  const { coldShare, alwaysOn, breakEvenRequests, situation } = advice;
  const server =
    alwaysOn === null
      ? []
      : [`Always on (${alwaysOn.title}): ${formatMonthlyUsd(alwaysOn.monthlyUsd)} a month.`];
  if (coldShare === null) {
    const none =
      situation.cloud === 'azure'
        ? 'coldpress builds no functions for Azure.'
        : 'A function cannot run this model, at any traffic.';
    return [...server, none];
  }
  const even =
    breakEvenRequests === null
      ? alwaysOn === null
        ? 'The price table has no always-on server to compare with.'
        : 'A function is cheaper at any traffic.'
      : `Break-even: ${breakEvenRequests.toLocaleString('en-US')} requests a month; below, a function is cheaper.`;
  const cold = `Share of a function's requests that start cold: ${formatShare(coldShare)}.`;
  return [...server, even, cold];
}

/** Reports if even warm answers exceed the latency target. Measured CPU times do not apply to GPUs. */
function describeLatency({ recommended: { id }, situation }: Advice): string[] {
  const { latencyMs, warmMs, needsGpu } = situation;
  if (needsGpu) {
    return [];
  }
  const wanted = `longer than the ${latencyMs.toLocaleString('en-US')} ms of the latency target`;
  if (warmMs > latencyMs) {
    return [
      `Even a warm answer takes ${warmMs.toLocaleString('en-US')} ms of a whole vCPU, ${wanted}: packaging cannot fix that; a smaller or quantised model may.`,
    ];
  }
  const functionMs = id === 'lambda' || id === 'google' ? Math.round(warmMs / functionVcpu(situation)) : 0;
  return functionMs > latencyMs
    ? [
        `With its share of a vCPU, a warm answer takes ${functionMs.toLocaleString('en-US')} ms, ${wanted}: raise the function’s memory.`,
      ]
    : [];
}

/** The recommendation and its price. */
export function headline({ recommended: { title, monthlyUsd } }: Advice): string {
  return monthlyUsd === null
    ? `${title}, whose price is not in the table`
    : `${title}, ${formatMonthlyUsd(monthlyUsd)} a month`;
}

/** The remark next to an option's price. */
export function remark({ cannot, note, isMadeByColdpress }: OptionAdvice): string {
  return cannot ?? note ?? (isMadeByColdpress ? 'coldpress builds it' : '');
}

/** Lists the prices that the reader should verify first. */
function unverified({ prices }: Advice): string {
  return prices.flatMap(({ title, confidence }) => (confidence === 'unverified' ? title : [])).join(', ');
}

/** Formats the advice for a terminal or a file. */
export function formatAdvice(advice: Advice, hasColors: boolean): string {
  const bold = (text: string) => (hasColors ? styleText('bold', text, { validateStream: false }) : text);
  const { recommended, options, path, changes } = advice;
  const { specified, assumed } = describeSituation(advice);
  const width = Math.max(...options.map(({ title }) => title.length));
  const usdWidth = Math.max(...options.map(({ monthlyUsd }) => formatMonthlyUsd(monthlyUsd).length));
  const rows = options.map(option => {
    const { id, title, monthlyUsd } = option;
    const usd = formatMonthlyUsd(monthlyUsd).padStart(usdWidth);
    return `${id === recommended.id ? '>' : ' '} ${title.padEnd(width)}  ${usd}  ${remark(option)}`.trimEnd();
  });
  return [
    bold(`Recommended: ${headline(advice)}`),
    ...recommended.reasons.map(reason => `  ${reason}`),
    recommended.command === null ? '  coldpress does not build it.' : `  To build it: ${recommended.command}`,
    '',
    bold('Why'),
    ...path.map(({ ask, answer }) => `  ${answer.padEnd(3)} ${ask}`),
    '',
    bold('Numbers'),
    ...describeNumbers(advice).map(line => `  ${line}`),
    '',
    bold('Options, USD a month'),
    ...rows,
    '',
    bold('The recommendation changes if'),
    ...changes.map(change => `  ${change.if}: ${change.option}`),
    '',
    ...(specified.length === 0 ? [] : [`Specified: ${specified.join(', ')}.`]),
    `Assumed: ${assumed.join(', ') || 'nothing'}.`,
    `Prices of 2026-11, without free tiers; unverified: ${unverified(advice)}. For sources, add --json, or see coldpress's docs/advise.md.`,
    '',
  ].join('\n');
}
