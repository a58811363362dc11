import { readFileSync } from 'node:fs';
import { PROGRAM_FILE } from '../contract/files.ts';
import { engineNameOf } from '../contract/manifest.ts';
import type { Program, Step } from '../contract/program.ts';
import type { Choice, SampleRecord } from '../contract/sample-records.ts';
import type { Plan } from './plan.ts';
import type { PressedModel } from './press.ts';

/** Users would search a longer list rather than choose from it. */
const mostChoices = 200;

/** Text with more distinct values than this in the samples is not treated as a category. */
const mostSampled = 12;

/**
 * The known values of a record's fields: a booster's categories, the keys of encoders that read an input, or else the
 * distinct texts in the samples, if they are few.
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

/** The choices of encoders. Only a compiled model's steps are available here. */
function encoderChoices({ manifest, files }: PressedModel): [string, Choice[]][] {
  const file = files.find(({ path }) => path === PROGRAM_FILE);
  if (file === undefined) {
    return [];
  }
  const { inputs, graph }: Program = JSON.parse(readFileSync(file.source, 'utf8'));
  return graph.steps.flatMap(allSteps).flatMap(step => {
    const engineName = inputs[graph.inputs.indexOf(step.inputs[0] ?? -1)];
    const spec = manifest.signature.inputs.find(input => engineNameOf(input) === engineName);
    return spec === undefined ? [] : [[spec.name, keysOf(step)] as [string, Choice[]]];
  });
}

/** A step, and those that it replaces, which read the same slots. */
function allSteps(step: Step): Step[] {
  const { plain } = step.parameters;
  const isFused = typeof plain === 'object' && plain !== null && 'graph' in plain;
  return isFused ? [step, ...plain.graph.steps] : [step];
}

function keysOf({ kernel, parameters }: Step): Choice[] {
  const keys =
    kernel === 'labelEncoder' ? parameters.keys : kernel === 'oneHotEncoder' ? parameters.categories : [];
  return Array.isArray(keys) ? keys.filter(key => typeof key === 'string') : [];
}
