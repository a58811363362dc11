import { counted } from '../../counted.ts';
import type { CauseOf } from '../samples/differ.ts';
import { plainName } from '../samples/table.ts';
import type { Samples } from '../samples/types.ts';
import type { Booster } from './booster.ts';

/** How to predict raw scores and to use the same trees, in each library's Python package. */
const options = {
  LightGBM: {
    raw: 'predict(X, raw_score=True)',
    trees:
      'After early stopping, save those that predict uses: booster.save_model(path, num_iteration=booster.best_iteration).',
  },
  XGBoost: {
    raw: 'predict(X, output_margin=True)',
    trees:
      'It answers up to its best iteration, if the file has one: predict with iteration_range=(0, booster.best_iteration + 1).',
  },
} as const;

/** Finds why the answers of a booster differ from the expected ones: the library itself saved it, so nothing was exported. */
export function boosterCause(booster: Booster): CauseOf {
  const { library, forest } = booster;
  const { raw, trees } = options[library];
  return (samples, { worst, differing, rows }) => {
    const unknownCategory = worst && findUnknownCategory(booster, samples, worst.row);
    if (unknownCategory !== undefined) {
      return unknownCategory;
    }
    if (hasRawScores(booster, samples)) {
      return `The expected values are raw scores, as ${raw} returns them; the model's answers are probabilities. Expect probabilities, or name the column "margin".`;
    }
    const otherNames = findOtherNames(booster, samples);
    if (otherNames !== undefined) {
      return otherNames;
    }
    return differing < rows / 2
      ? `Some rows were probably changed after ${library} predicted them, for example rounded in the file, or their categories renamed.`
      : `The expected values are probably those of other trees: the model answers with ${counted(forest.roots.length, 'tree')}. If you trained it again, write the expected values again. ${trees}`;
  };
}

/** Values that are no probabilities, for answers that are. */
function hasRawScores({ link: { kind } }: Booster, { expected }: Samples): boolean {
  const isProbability = ['binary', 'sigmoid', 'softmax', 'oneAgainstAll'].includes(kind);
  const answers = expected.filter(({ name }) => name === 'probability' || name === 'prediction');
  return (
    isProbability && answers.some(({ data }) => data.some(value => Number(value) < 0 || Number(value) > 1))
  );
}

/** A category of a row that the model does not have, which it treats as missing. */
function findUnknownCategory({ features }: Booster, { inputs }: Samples, row: number): string | undefined {
  for (const [index, { name, categories }] of features.entries()) {
    const [whole] = inputs;
    const own = inputs.find(input => input.name === name);
    const value = own === undefined ? whole?.data[row * features.length + index] : own.data[row];
    const isMissing = value === undefined || value === '' || Number.isNaN(value);
    if (categories !== undefined && !isMissing && !categories.map(String).includes(String(value))) {
      const known = categories
        .slice(0, 3)
        .map(category => JSON.stringify(category))
        .join(', ');
      return `Row ${row + 1} has ${JSON.stringify(value)} in column "${name}", which is no category of the model (${known}${categories.length > 3 ? ', …' : ''}) and counts as missing. Write the categories as in the training data, not as pandas's codes.`;
    }
  }
  return undefined;
}

/** Columns that could not be matched by name, so that they were taken in their order. */
function findOtherNames({ features }: Booster, { features: columns = [] }: Samples): string | undefined {
  const isOwn = (column: string) => features.some(({ name }) => plainName(name) === plainName(column));
  const unknown = columns.find(column => !isOwn(column));
  const isNamed = features.some(({ name }) => !/^(Column_|f)\d+$/.test(name));
  return unknown === undefined || !isNamed
    ? undefined
    : `The columns were assigned by position, because "${unknown}" is no feature of the model: it has ${features
        .slice(0, 5)
        .map(({ name }) => JSON.stringify(name))
        .join(', ')}${features.length > 5 ? ', …' : ''}, in this order.`;
}
