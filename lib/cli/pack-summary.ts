import { relative } from 'node:path';
import { styleText } from 'node:util';
import { googleUsd, lambdaUsd } from '../advise/costs.ts';
import { packedFacts } from '../advise/packed-facts.ts';
import { defaults, resolveSituation } from '../advise/situation.ts';
import type { Manifest } from '../contract/manifest.ts';
import { takesBatches } from '../contract/signature.ts';
import { groupDigits } from '../counted.ts';
import type { PackResult } from '../pack/pack-options.ts';
import { reportOf } from '../pack/pack-report.ts';
import { printable } from '../printable.ts';
import { quote } from '../shell-command.ts';
import { memoryFor } from '../targets/aws-lambda/memory.ts';
import { formatBytes, formatTable } from './format.ts';

/** The output of `coldpress pack`: proofs, the engine, size, speed and cost, and the next command. */
export function packSummary(result: PackResult, cwd: string): string {
  const { outDir, manifest, budget, zips } = result;
  const { name, runtime, architecture, model } = manifest;
  const folder = relative(cwd, outDir) || '.';
  const report = reportOf(result, folder);
  const share = (bytes: number) =>
    budget.limitBytes === undefined ? '' : `${((100 * bytes) / budget.limitBytes).toFixed(1)} %`;
  const rows = budget.contributors.map(c => [c.name, formatBytes(c.sizeBytes), share(c.sizeBytes)]);
  const limit = budget.limitBytes === undefined ? '' : ` of ${formatBytes(budget.limitBytes)}`;
  const cpu = architecture === 'any' ? 'any CPU' : architecture;
  const passes = model.passes.length === 0 ? '' : `; rewritten (docs/models.md): ${model.passes.join(', ')}`;
  const remarks = remarksOn(result);
  return [
    `${styleText('bold', name)} for ${runtime} on ${cpu}${passes}`,
    `proof   ${report.proof}`,
    `engine  ${report.engine}`,
    ...(report.score === undefined ? [] : [`score   ${report.score}`]),
    ...describeRunning(manifest),
    '',
    formatTable([
      ...rows,
      ['unpacked', formatBytes(budget.totalBytes), `${share(budget.totalBytes)}${limit}`],
    ]),
    '',
    ...(zips.length === 0
      ? []
      : [...zips.map(zip => `${folder}/${zip.name}  ${formatBytes(zip.sizeBytes)}`), '']),
    ...(remarks.length === 0 ? [] : [...remarks, '']),
    `Measure it:  npx coldpress bench ${quote(folder)}`,
    `Try it:  npx coldpress serve ${quote(folder)}`,
  ].join('\n');
}

/** First answer and cost, both estimated, because nothing was measured. A container's cost depends on its platform. */
function describeRunning(manifest: Manifest): string[] {
  const { target, architecture } = manifest;
  const { situation } = resolveSituation(packedFacts(manifest));
  const first = `first   about ${situation.coldMs} ms to the first answer on one vCPU, then ${situation.warmMs} ms (estimated by engine and size)`;
  if (target === 'container') {
    return [first];
  }
  const isLambda = target === 'aws-lambda';
  const usd = isLambda
    ? lambdaUsd(situation, architecture === 'x64' ? 'x64' : 'arm64')
    : googleUsd(situation);
  if (usd === null) {
    return [first];
  }
  const memory = isLambda ? ` with ${memoryFor(manifest)} MB` : '';
  return [
    first,
    `cost    about $${usd < 0.1 ? usd.toPrecision(1) : usd.toFixed(2)} a month for ${groupDigits(defaults.requestsPerMonth)} requests${memory} (at list prices, from these times)`,
  ];
}

function remarksOn({ unanswered, manifest: { rows, golden, signature } }: PackResult): string[] {
  return [
    ...(rows.independent || !takesBatches(signature)
      ? []
      : [`Each record runs alone: ${printable(rows.reason)}`]),
    ...(golden.kept || unanswered !== undefined ? [] : [`No golden vector: ${printable(golden.reason)}`]),
  ];
}
