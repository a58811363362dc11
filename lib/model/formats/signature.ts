import type { Datatype, Signature, TensorSpec } from '../../contract/manifest.ts';
import type { Booster, Feature } from './booster.ts';
import type { Forest } from './forest.ts';

/** Whether answers are classes, with a label and a probability for each. */
export function isClassifier({ link: { kind } }: Booster): boolean {
  return ['binary', 'hinge', 'softmax', 'oneAgainstAll'].includes(kind);
}

/**
 * Returns the inputs and outputs of a booster. Numeric features form one matrix, `features`; if some are text, each
 * feature is an input of its own.
 */
export function signatureOf(booster: Booster): Signature {
  const { features, library } = booster;
  const datatype = library === 'LightGBM' ? 'FP64' : 'FP32';
  const rows = { shape: ['N'], rowAxis: 0 };
  const inputs: Signature['inputs'] = features.some(isText)
    ? features.map(feature => ({
        name: feature.name,
        ...(isText(feature)
          ? ({ datatype: 'BYTES', category: true } as const)
          : ({ datatype, mayBeMissing: true } as const)),
        ...rows,
        minShape: [0],
      }))
    : [
        {
          name: 'features',
          datatype,
          shape: ['N', features.length],
          rowAxis: 0,
          mayBeMissing: true,
          minShape: [0, features.length],
        },
      ];
  return { inputs, outputs: [...answersOf(booster, datatype), ...onRequestOf(booster, datatype)] };
}

function answersOf(booster: Booster, datatype: Datatype): TensorSpec[] {
  const { groups } = booster;
  if (!isClassifier(booster)) {
    return [{ name: 'prediction', datatype, shape: groups === 1 ? ['N'] : ['N', groups], rowAxis: 0 }];
  }
  const classes = Math.max(2, groups);
  const labels = Array.from({ length: classes }, (_, index) => index);
  return [
    { name: 'label', datatype: 'INT64', shape: ['N'], rowAxis: 0 },
    { name: 'probability', datatype, shape: ['N', classes], rowAxis: 0, labels },
  ];
}

/** Contributions are computed recursively, in memory that grows with the square of the depth. */
const mostExplainedDepth = 500;

/**
 * Whether the contribution of each feature can be computed, as the version of the library that saved the model would:
 * in a linear model, or in trees whose splits contain the number of training rows.
 */
export function hasContributions({ forest, linear, explainer }: Booster): boolean {
  const { vectors, constants, isCovered, depth } = forest;
  if (linear !== undefined || depth > mostExplainedDepth) {
    return linear !== undefined;
  }
  return explainer === 'quadrature'
    ? hasShares(forest)
    : vectors === null && constants.length === 0 && isCovered;
}

/** Whether each split has the share of training data that goes to each child. */
function hasShares({ features, next, cover }: Forest): boolean {
  const hasRows = (node: number) => cover[node]! >= 0;
  return features.every(
    (feature, node) => feature < 0 || (hasRows(node) && hasRows(node + 1) && hasRows(next[node]!)),
  );
}

/** The outputs `margin`, `leaf` and `contributions`, which both libraries compute by other options of `predict`. */
function onRequestOf(booster: Booster, datatype: Datatype): TensorSpec[] {
  const { groups, features, forest, linear } = booster;
  const labels = [...features.map(({ name }) => name), 'bias'];
  const rows = (inner: number[]) => ({ shape: ['N', ...inner], rowAxis: 0, onRequest: true as const });
  const perGroup = groups === 1 ? [] : [groups];
  return [
    { name: 'margin', datatype, ...rows(perGroup) },
    ...(linear === undefined
      ? [{ name: 'leaf', datatype: 'INT32' as const, ...rows([forest.roots.length]) }]
      : []),
    ...(hasContributions(booster)
      ? [{ name: 'contributions', datatype, ...rows([...perGroup, labels.length]), labels }]
      : []),
  ];
}

function isText({ categories }: Feature): boolean {
  return categories?.some(category => typeof category !== 'number') ?? false;
}
