import { styleText } from 'node:util';
import { formatUsd } from '../bench/report/format.ts';
import type { Advice } from './advise.ts';
import { type Situation, shapes } from './situation.ts';

/** How each thing that is known or assumed is told. */
export const told: Record<Exclude<keyof Situation, 'obstacles'>, (situation: Situation) => string> = {
  modelBytes: ({ modelBytes }) => `a model of ${(modelBytes / 1e6).toFixed(modelBytes < 1e6 ? 2 : 1)} MB`,
  requestsPerMonth: ({ requestsPerMonth }) => `${requestsPerMonth.toLocaleString('en-US')} requests a month`,
  shape: ({ shape }) => `coming ${shapes[shape].title}`,
  latencyMs: ({ latencyMs }) => `answers within ${latencyMs.toLocaleString('en-US')} ms`,
  payloadMb: ({ payloadMb }) => `requests of ${payloadMb} MB`,
  needsGpu: ({ needsGpu }) => (needsGpu ? 'a GPU' : 'no GPU'),
  hasDependencies: ({ hasDependencies }) =>
    hasDependencies ? 'packages beside ONNX Runtime' : 'nothing beside ONNX Runtime',
  reproducesEnvironment: ({ reproducesEnvironment }) =>
    reproducesEnvironment ? 'its environment as it was' : 'no environment to reproduce',
  onDevices: ({ onDevices }) => (onDevices ? 'on devices' : 'not on devices'),
  integrators: ({ integrators }) =>
    ({ developers: 'called by developers', analysts: 'run by analysts', 'ml-team': 'kept by an ML team' })[
      integrators
    ],
  cloud: ({ cloud }) => (cloud === 'any' ? 'any cloud' : `on ${cloud}`),
  coldMs: ({ coldMs }) => `${coldMs} ms cold`,
  warmMs: ({ warmMs }) => `${warmMs} ms warm`,
};

type Told = keyof typeof told;

/** What was said and what was assumed, in words. */
export function describeSituation({ situation, assumed }: Advice): { said: string[]; assumed: string[] } {
  const names = Object.keys(told) as Told[];
  const words = (isAssumed: boolean) =>
    names.filter(name => assumed.includes(name) === isAssumed).map(name => told[name](situation));
  return { said: words(false), assumed: words(true) };
}

/** A share with as many digits as tell something. */
export function formatShare(share: number): string {
  return share < 0.0005 ? 'fewer than 0.1 %' : `${(100 * share).toFixed(1)} %`;
}

/** What was found of cold starts and costs, in sentences; of a function, where there can be one. */
export function describeNumbers({ coldShare, alwaysOn, breakEvenRequests }: Advice): string[] {
  const server =
    alwaysOn === null ? [] : [`Always on (${alwaysOn.title}): ${formatUsd(alwaysOn.monthlyUsd)} a month.`];
  if (coldShare === null) {
    return [...server, 'No function can do it, whatever the traffic.'];
  }
  const even =
    breakEvenRequests === null
      ? 'A function of the clouds that are allowed is never dearer than instances, or cannot do it.'
      : `Break-even: ${breakEvenRequests.toLocaleString('en-US')} requests a month; below, a function is cheaper.`;
  return [...server, even, `Of a function's requests ${formatShare(coldShare)} would start cold.`];
}

/** What is recommended, and its price. */
export function headline({ recommended: { title, monthlyUsd } }: Advice): string {
  return monthlyUsd === null
    ? `${title}, at a price that is not in the table`
    : `${title}, ${formatUsd(monthlyUsd)} a month`;
}

/** The prices that the reader should look up first. */
function unverified({ prices }: Advice): string {
  return prices.flatMap(({ title, confidence }) => (confidence === 'unverified' ? title : [])).join(', ');
}

/** The advice for a terminal or a file. */
export function formatAdvice(advice: Advice, hasColors: boolean): string {
  const bold = (text: string) => (hasColors ? styleText('bold', text, { validateStream: false }) : text);
  const { recommended, options, path, changes } = advice;
  const { said, assumed } = describeSituation(advice);
  const width = Math.max(...options.map(({ title }) => title.length));
  const rows = options.map(({ id, title, monthlyUsd, cannot, isMadeByColdpress }) =>
    `${id === recommended.id ? '>' : ' '} ${title.padEnd(width)} ${formatUsd(monthlyUsd).padStart(10)}  ${
      cannot ?? (isMadeByColdpress ? 'coldpress makes it' : '')
    }`.trimEnd(),
  );
  return [
    bold(`Recommended: ${headline(advice)}`),
    ...recommended.reasons.map(reason => `  ${reason}`),
    recommended.command === null ? '  coldpress does not make it.' : `  Make it: ${recommended.command}`,
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
    bold('Another answer, if'),
    ...changes.map(change => `  ${change.if}: ${change.option}`),
    '',
    ...(said.length === 0 ? [] : [`Said: ${said.join(', ')}.`]),
    `Assumed: ${assumed.join(', ') || 'nothing'}.`,
    `Prices of 2026-11, without free tiers; unverified: ${unverified(advice)}. Sources: docs/advise.md, or --json.`,
    '',
  ].join('\n');
}
