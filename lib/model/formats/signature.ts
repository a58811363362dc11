import type { Signature } from '../../contract/manifest.ts';
import type { Booster, Feature } from './booster.ts';

/** Whether answers are classes: a label, and a probability for each. */
export function isClassifier({ link: { kind } }: Booster): boolean {
  return ['binary', 'hinge', 'softmax', 'oneAgainstAll'].includes(kind);
}

/**
 * What a booster takes and gives. Features that are numbers are one matrix, `features`; where some are text, each is an
 * input by its own name.
 */
export function signatureOf(booster: Booster): Signature {
  const { features, groups, library } = booster;
  const datatype = library === 'LightGBM' ? 'FP64' : 'FP32';
  const rows = { shape: ['N'], rowAxis: 0 };
  const inputs: Signature['inputs'] = features.some(isText)
    ? features.map(feature => ({
        name: feature.name,
        datatype: isText(feature) ? 'BYTES' : datatype,
        ...rows,
        minShape: [0],
      }))
    : [
        {
          name: 'features',
          datatype,
          shape: ['N', features.length],
          rowAxis: 0,
          minShape: [0, features.length],
        },
      ];
  if (!isClassifier(booster)) {
    const shape = groups === 1 ? ['N'] : ['N', groups];
    return { inputs, outputs: [{ name: 'prediction', datatype, shape, rowAxis: 0 }] };
  }
  const classes = Math.max(2, groups);
  return {
    inputs,
    outputs: [
      { name: 'label', datatype: 'INT64', ...rows },
      {
        name: 'probability',
        datatype,
        shape: ['N', classes],
        rowAxis: 0,
        labels: Array.from({ length: classes }, (_, index) => index),
      },
    ],
  };
}

function isText({ categories }: Feature): boolean {
  return categories?.some(category => typeof category !== 'number') ?? false;
}
