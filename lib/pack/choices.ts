import { readFileSync } from 'node:fs';
import { PROGRAM_FILE } from '../contract/files.ts';
import { engineNameOf } from '../contract/manifest.ts';
import type { Program, Step } from '../contract/program.ts';
import type { Choice, SampleRecord } from '../contract/sample-records.ts';
import type { Plan } from './plan.ts';
import type { PressedModel } from './press.ts';

/** A longer list would be searched, not chosen from. */
const mostChoices = 200;

/** With more different values in the samples than these, text is no category. */
const mostSampled = 12;

/**
 * The values that the fields of a record know: a booster's categories, the keys of encoders that read an input, and
 * else what few texts the samples have.
 */
export async function fieldChoices(
  { modelPath }: Pick<Plan, 'modelPath'>,
  pressed: PressedModel,
  records: readonly SampleRecord[],
): Promise<Record<string, Choice[]>> {
  const { readBooster } = await import('../model/formats/read-booster.ts');
  const found = await readBooster(modelPath);
  const known =
    found === undefined
      ? encoderChoices(pressed)
      : found.booster.features.map(({ name, categories = [] }): [string, Choice[]] => [name, categories]);
  const isUseful = ([, choices]: [string, Choice[]]) => choices.length > 0 && choices.length <= mostChoices;
  return Object.fromEntries([...sampledChoices(records), ...known].filter(isUseful));
}

function sampledChoices(records: readonly SampleRecord[]): [string, Choice[]][] {
  return Object.keys(records[0]?.record ?? {}).map(name => {
    const values = records.map(({ record }) => record[name]).filter(value => (value ?? null) !== null);
    const choices = [...new Set(values)].filter(value => typeof value === 'string');
    const isCategory = choices.length < values.length && choices.length <= mostSampled;
    return [name, isCategory && values.every(value => typeof value === 'string') ? choices.sort() : []];
  });
}

/** Of a compiled model, whose steps are at hand. */
function encoderChoices({ manifest, files }: PressedModel): [string, Choice[]][] {
  const file = files.find(({ path }) => path === PROGRAM_FILE);
  if (file === undefined) {
    return [];
  }
  const { inputs, graph }: Program = JSON.parse(readFileSync(file.source, 'utf8'));
  return graph.steps.flatMap(step => {
    const engineName = inputs[graph.inputs.indexOf(step.inputs[0] ?? -1)];
    const spec = manifest.signature.inputs.find(input => engineNameOf(input) === engineName);
    return spec === undefined ? [] : [[spec.name, keysOf(step)] as [string, Choice[]]];
  });
}

function keysOf({ kernel, parameters }: Step): Choice[] {
  const keys =
    kernel === 'labelEncoder' ? parameters.keys : kernel === 'oneHotEncoder' ? parameters.categories : [];
  return Array.isArray(keys) ? keys.filter(key => typeof key === 'string') : [];
}
