import { WEIGHTS_FILE } from '../../contract/files.ts';
import type { Parameter, Step } from '../../contract/program.ts';
import type { Compiled } from '../compile/compile.ts';
import { sectionType, startWeights, type WeightsWriter } from '../compile/weights.ts';
import type { Booster, Feature } from './booster.ts';
import { hasContributions, isClassifier, signatureOf } from './signature.ts';

type Settings = Record<string, number | boolean | string | null | Parameters<WeightsWriter['add']>[1]>;

/** Compiles a booster to a program: columns, sums of trees, answers, and outputs computed only on request. */
export function compileBooster(booster: Booster): Compiled {
  const weights = startWeights();
  const { inputs, outputs } = signatureOf(booster);
  const [columns, sums, first] = [inputs.length, inputs.length + 1, inputs.length + 2];
  const slots = outputs.map((_, index) => first + index);
  const { kernel, settings, further } = sumSettings(booster);
  const onRequest = true;
  const shared = toParameters(settings, weights);
  const steps: Omit<Step, 'release'>[] = [
    {
      kernel: 'boosterColumns',
      inputs: inputs.map((_, index) => index),
      outputs: [columns],
      parameters: columnSettings(booster),
    },
    { kernel, inputs: [columns], outputs: [sums], parameters: shared },
    {
      kernel: answerKernel(booster),
      inputs: [sums],
      outputs: outputs.flatMap((output, index) => (output.onRequest ? [] : slots[index]!)),
      parameters: linkSettings(booster),
    },
  ];
  for (const [index, { name }] of outputs.entries()) {
    if (name === 'margin') {
      // LightGBM's raw score of a random forest is the sum of its trees, but its answer is their mean.
      const raw = booster.isAverage ? first + outputs.length : sums;
      if (booster.isAverage) {
        const parameters = { ...shared, isAverage: false };
        steps.push({ kernel, inputs: [columns], outputs: [raw], parameters, onRequest });
      }
      const parameters = marginSettings(booster);
      const slot = slots[index]!;
      steps.push({ kernel: 'boosterPrediction', inputs: [raw], outputs: [slot], parameters, onRequest });
    }
    const own = further[name];
    if (own !== undefined) {
      const parameters = { ...shared, ...toParameters(own.settings, weights) };
      steps.push({ kernel: own.kernel, inputs: [columns], outputs: [slots[index]!], parameters, onRequest });
    }
  }
  const file = weights.finish(WEIGHTS_FILE);
  return {
    program: {
      version: 1,
      weights: file.weights,
      inputs: inputs.map(({ name }) => name),
      outputs: outputs.map(({ name }) => name),
      constants: [],
      graph: {
        slots: first + outputs.length + 1,
        constants: [],
        inputs: inputs.map((_, index) => index),
        outputs: slots,
        steps: steps.map(step => ({ ...step, release: [] })),
      },
    },
    weights: file.bytes,
  };
}

function answerKernel(booster: Booster): string {
  if (booster.link.kind === 'ascending' || booster.link.kind === 'increments') {
    return 'boosterLevels';
  }
  return isClassifier(booster) ? 'boosterClasses' : 'boosterPrediction';
}

function linkSettings({ link, library }: Booster): Step['parameters'] {
  const type = library === 'LightGBM' ? 'float64' : 'float32';
  return { link: link.kind, sigmoid: 'sigmoid' in link ? link.sigmoid : 1, type };
}

function marginSettings(booster: Booster): Step['parameters'] {
  return { ...linkSettings(booster), link: 'identity' };
}

function columnSettings({ features, library }: Booster): Step['parameters'] {
  return {
    type: library === 'LightGBM' ? 'float64' : 'float32',
    names: features.map(({ name }) => name),
    categories: features.map(({ categories }: Feature) => JSON.stringify(categories ?? null)),
    isStrict: library === 'XGBoost',
  };
}

interface SumSettings {
  kernel: string;
  settings: Settings;
  /** Kernels of further outputs, with the additional settings that they need. */
  further: Record<string, { kernel: string; settings: Settings }>;
}

function sumSettings(booster: Booster): SumSettings {
  const { library, linear, forest, base, groups, features, isAverage, explainer } = booster;
  if (linear !== undefined) {
    return {
      kernel: 'linearBooster',
      settings: {
        weights: Float32Array.from(linear.weights),
        bias: Float32Array.from(linear.bias),
        base: Float64Array.from(base),
        groups,
        columns: features.length,
      },
      further: { contributions: { kernel: 'linearContributions', settings: {} } },
    };
  }
  const { cover, depth, isCovered: _isCovered, leafSize: _leafSize, ...trees } = forest;
  return {
    kernel: library === 'LightGBM' ? 'lightGbmTrees' : 'xgBoostTrees',
    settings: {
      ...trees,
      hasLinear: trees.constants.length > 0,
      base: Float64Array.from(base),
      groups,
      isAverage,
      columns: features.length,
    },
    further: {
      leaf: { kernel: 'boosterLeaves', settings: { library } },
      ...(hasContributions(booster) && {
        contributions:
          explainer === 'quadrature'
            ? { kernel: 'quadratureContributions', settings: { cover, depth } }
            : { kernel: 'boosterContributions', settings: { cover, library, depth } },
      }),
    },
  };
}

function toParameters(settings: Settings, weights: WeightsWriter): Record<string, Parameter> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]): [string, Parameter] => {
      if (typeof setting !== 'object' || setting === null) {
        return [name, setting];
      }
      const numbers = setting instanceof Int32Array ? narrowest(setting) : setting;
      return [name, { section: weights.add(sectionType(numbers), numbers) }];
    }),
  );
}

/** Returns whole numbers in 16 bits each if all of them fit, because a cold start reads and checks every byte. */
function narrowest(numbers: Int32Array): Int16Array | Int32Array {
  const narrow = Int16Array.from(numbers);
  return numbers.every((number, index) => number === narrow[index]) ? narrow : numbers;
}
