import { WEIGHTS_FILE } from '../../contract/files.ts';
import type { Parameter, Step } from '../../contract/program.ts';
import type { Compiled } from '../compile/compile.ts';
import { sectionType, startWeights, type WeightsWriter } from '../compile/weights.ts';
import type { Booster, Feature } from './booster.ts';
import { layTrees } from './lay-trees.ts';
import { isClassifier, signatureOf } from './signature.ts';

/** A booster as a program: columns, sums of trees, answers. */
export function compileBooster(booster: Booster): Compiled {
  const weights = startWeights();
  const { inputs, outputs } = signatureOf(booster);
  const columnsSlot = inputs.length;
  const sumsSlot = columnsSlot + 1;
  const outputSlots = outputs.map((_, index) => sumsSlot + 1 + index);
  const { link } = booster;
  const type = booster.library === 'LightGBM' ? 'float64' : 'float32';
  const steps: Omit<Step, 'release'>[] = [
    {
      kernel: 'boosterColumns',
      inputs: inputs.map((_, index) => index),
      outputs: [columnsSlot],
      parameters: columnSettings(booster),
    },
    { inputs: [columnsSlot], outputs: [sumsSlot], ...sumStep(booster, weights) },
    {
      kernel: isClassifier(booster) ? 'boosterClasses' : 'boosterPrediction',
      inputs: [sumsSlot],
      outputs: outputSlots,
      parameters: { link: link.kind, sigmoid: 'sigmoid' in link ? link.sigmoid : 1, type },
    },
  ];
  const file = weights.finish(WEIGHTS_FILE);
  return {
    program: {
      version: 1,
      weights: file.weights,
      inputs: inputs.map(({ name }) => name),
      outputs: outputs.map(({ name }) => name),
      constants: [],
      graph: {
        slots: sumsSlot + 1 + outputs.length,
        constants: [],
        inputs: inputs.map((_, index) => index),
        outputs: outputSlots,
        steps: steps.map(step => ({ ...step, release: [] })),
      },
    },
    weights: file.bytes,
  };
}

function columnSettings({ features, library }: Booster): Step['parameters'] {
  return {
    type: library === 'LightGBM' ? 'float64' : 'float32',
    names: features.map(({ name }) => name),
    categories: features.map(({ categories }: Feature) => JSON.stringify(categories ?? null)),
    isStrict: library === 'XGBoost',
  };
}

function sumStep(booster: Booster, weights: WeightsWriter): Pick<Step, 'kernel' | 'parameters'> {
  const { library, linear, base, groups, features } = booster;
  if (linear !== undefined) {
    const settings = {
      weights: Float32Array.from(linear.weights),
      bias: Float32Array.from(linear.bias),
      base: Float64Array.from(base),
      groups,
      columns: features.length,
    };
    return { kernel: 'linearBooster', parameters: toParameters(settings, weights) };
  }
  const kernel = library === 'LightGBM' ? 'lightGbmTrees' : 'xgBoostTrees';
  return { kernel, parameters: toParameters(layTrees(booster), weights) };
}

function toParameters(
  settings: Record<string, number | boolean | null | Parameters<WeightsWriter['add']>[1]>,
  weights: WeightsWriter,
): Record<string, Parameter> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]): [string, Parameter] =>
      typeof setting === 'object' && setting !== null
        ? [name, { section: weights.add(sectionType(setting), setting) }]
        : [name, setting],
    ),
  );
}
