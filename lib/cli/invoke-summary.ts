import { inspect } from 'node:util';
import type { AwsInvokeResult } from '../aws/invoke.ts';
import type { Answer, InvokeResult } from '../local/answer.ts';
import { printable } from '../printable.ts';
import { formatDelivery, formatFunctionEvent } from './function-events.ts';

/** The output of `coldpress invoke --aws`. */
export function formatAwsResult(result: AwsInvokeResult, colors: boolean): string {
  const where = `version ${result.executedVersion}, ${result.answerMs.toFixed(1)} ms with the network`;
  return [...formatHeading(result, colors), where, ''].join('\n');
}

/** The output of `coldpress invoke DIR`; with `isVerbose`, also the time of every phase of the cold start. */
export function formatResult(
  result: InvokeResult,
  { colors, isVerbose }: { colors: boolean; isVerbose: boolean },
): string {
  const { phases, engine, node } = result;
  const where = `${result.runtimeClient}, Node ${node.version}${engine.kind === 'host' ? ", this machine's engine" : ''}`;
  // The function's first inference belongs to the answer; its earlier phases belong to INIT.
  const own = (isAnswer: boolean) =>
    phases.inside
      .filter(({ name }) => (name === 'first') === isAnswer)
      .map(({ name, ms }) => ({ name: `  ${name}`, ms }));
  const rows = [
    { name: 'init', ms: phases.initMs },
    ...own(false),
    { name: 'answer', ms: phases.answerMs },
    ...own(true),
    { name: 'total', ms: phases.totalMs },
  ];
  return [
    ...formatHeading(result.exceptions === undefined ? result : withoutTrace(result), colors),
    ...formatExceptions(result),
    ...formatSample(result),
    ...formatDeliveries(result),
    ...(isVerbose
      ? [`cold start (${where})`, ...rows.map(row => formatPhase(row, phases.totalMs))]
      : [
          `cold start ${phases.totalMs.toFixed(1)} ms: init ${phases.initMs.toFixed(1)}, answer ${phases.answerMs.toFixed(1)} (${where})`,
        ]),
    ...(engine.note === undefined ? [] : [`note: ${engine.note}`]),
    ...(node.matches
      ? []
      : [`note: no Node of the target's major version found; this ran on ${node.version}`]),
    '',
  ].join('\n');
}

function formatHeading({ functionError, statusCode, answer }: Answer, colors: boolean): string[] {
  return [
    functionError === undefined ? `answer ${statusCode ?? ''}`.trim() : 'function error',
    typeof answer === 'string' ? answer : inspect(answer, { depth: null, breakLength: 110, colors }),
    '',
  ];
}

function formatDeliveries({ deliveries }: InvokeResult): string[] {
  return deliveries === undefined ? [] : [...deliveries.map(formatDelivery), ''];
}

/** The trace has places in the bundle, which the exceptions have in the source files. */
function withoutTrace(result: InvokeResult): InvokeResult {
  if (typeof result.answer !== 'object' || result.answer === null || result.functionError === undefined) {
    return result;
  }
  const { trace: _, ...answer } = result.answer as { trace?: unknown };
  return { ...result, answer };
}

function formatExceptions({ exceptions = [] }: InvokeResult): string[] {
  return exceptions.flatMap(exception => [formatFunctionEvent({ kind: 'exception', ...exception }), '']);
}

/** Characters of a record that are printed. */
const shownCharacters = 200;

/** The record that was scored, if none was passed. */
function formatSample({ sample, statusCode = 200 }: InvokeResult): string[] {
  if (sample === undefined) {
    return [];
  }
  const text = JSON.stringify(sample.record);
  const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  return [
    sample.origin === 'samples' ? 'scored the first sample' : 'scored the golden vector',
    `  ${printable(shown)}`,
    ...(statusCode < 400 ? [] : ['  if score.ts expects other records, pass one: --record record.json']),
    '',
  ];
}

const barWidth = 40;

function formatPhase({ name, ms }: { name: string; ms: number }, totalMs: number): string {
  const bar = '█'.repeat(Math.round((ms / totalMs) * barWidth)) || '▏';
  return `  ${name.padEnd(10)} ${ms.toFixed(1).padStart(9)} ms  ${bar}`;
}
