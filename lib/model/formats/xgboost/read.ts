import { ColdpressError } from '../../../errors.ts';
import type { Booster } from '../booster.ts';
import { checkTree } from '../check-tree.ts';
import { categoricalFeatures, checkFeatures, type Forest } from '../forest.ts';
import { invalid, unsupported } from '../invalid.ts';
import { type ForestWriter, startForest } from '../lay-trees.ts';
import { readFeatures } from './features.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { parseXgBoostJson } from './json.ts';
import { baseMargins, objectiveOf } from './objective.ts';
import { readTree } from './tree.ts';
import { parseUbjson } from './ubjson.ts';
import { isSince } from './version.ts';

/** Lists of a tree that do not affect its answers. */
const skipped = new Set(['loss_changes', 'parents', 'split_type']);

/** Features use memory, and even a tiny file can claim to have many. */
const mostFeatures = 1_000_000;
const mostGroups = 100_000;

/**
 * Reads a model that XGBoost's `save_model` wrote, as JSON or UBJSON.
 * @throws ColdpressError BOOSTER_INVALID, BOOSTER_UNSUPPORTED
 */
export function readXgBoost(bytes: Buffer, format: 'json' | 'ubj'): Booster {
  const parse = format === 'ubj' ? parseUbjson : parseXgBoostJson;
  const writer = startForest('XGBoost');
  const addTree = (item: unknown) => {
    const tree = readTree(fieldsOf(item, `trees[${writer.count}]`), writer.count);
    checkTree('XGBoost', writer.count, tree);
    writer.add(tree);
  };
  const root = fieldsOf(parse(bytes, { skipped, items: new Map([['trees', addTree]]) }), 'model');
  const learner = root.object('learner');
  if (learner.has('generic_param')) {
    throw new ColdpressError(
      'MODEL_IS_BOOSTER',
      'the file is what save_config returns: settings of an XGBoost model, without trees',
      {
        hint: 'save the model itself in Python: model.save_model("model.ubj")',
      },
    );
  }
  const parameters = learner.object('learner_model_param');
  const booster = learner.object('gradient_booster');
  const kind = booster.text('name');
  const objectiveName = learner.object('objective').text('name');
  const version = Array.from(root.numbers('version'));
  const objective = objectiveOf(objectiveName, version);
  const groups = Math.max(1, parameters.number('num_class', 0), parameters.number('num_target', 1));
  const featureCount = parameters.number('num_feature');
  if (!isCount(groups, mostGroups) || !isCount(featureCount, mostFeatures)) {
    throw invalid('XGBoost', `it has ${featureCount} features and ${groups} classes or targets`);
  }
  const base = baseMargins(parameters.text('base_score'), groups, objective);
  const common = {
    library: 'XGBoost',
    objective: objectiveName,
    link: objective.link,
    groups,
    base,
    isAverage: false,
    explainer: isSince(version, [3, 3]) ? 'quadrature' : 'paths',
  } as const;
  if (kind === 'gblinear') {
    const model = booster.object('model');
    const features = readFeatures(learner, model, featureCount);
    const linear = readLinear(model, featureCount, groups);
    // The library starts the sums of all groups at the score of the first.
    const shared = base.map(() => base[0]!);
    return { ...common, base: shared, features, forest: writer.finish({ treeGroups: [] }), linear };
  }
  if (kind !== 'gbtree' && kind !== 'dart') {
    throw unsupported('XGBoost', `the booster "${kind}"`);
  }
  const holder = kind === 'dart' ? booster.object('gbtree') : booster;
  const model = holder.object('model');
  const features = readFeatures(learner, model, featureCount);
  // Version 3.3 names DART "gbtree" and stores its weights here; other versions store them here or among the trees.
  const weights = (booster.has('weight_drop') ? booster : model).numbers('weight_drop');
  const forest = finishForest(writer, model, { groups, weights, best: bestIteration(learner) });
  checkFeatures('XGBoost', forest, featureCount);
  for (const index of categoricalFeatures(forest)) {
    features[index]!.isCategorical = true;
  }
  return { ...common, features, forest };
}

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

/** Keeps the trees up to the best iteration of early stopping, as scikit-learn's interface predicts. */
function finishForest(
  writer: ForestWriter,
  model: Fields,
  { groups, weights, best }: { groups: number; weights: ArrayLike<number>; best: number | undefined },
): Forest {
  const all = writer.count;
  const info = model.numbers('tree_info');
  if (info.length !== all || (weights.length !== 0 && weights.length !== all)) {
    throw invalid('XGBoost', `it has ${all} trees, ${info.length} of them in tree_info`);
  }
  const isOfGroup = (group: number) => Number.isInteger(group) && group >= 0 && group < groups;
  const wrong = Array.prototype.findIndex.call(info, group => !isOfGroup(group));
  if (wrong !== -1) {
    throw invalid('XGBoost', `tree ${wrong} is of class or target ${info[wrong]}`);
  }
  const ends = model.numbers('iteration_indptr');
  const parallel = model.object('gbtree_model_param').number('num_parallel_tree', 1);
  const perIteration = writer.leafSize > 1 ? parallel : parallel * groups;
  const count = best === undefined ? all : Math.min(all, ends[best + 1] ?? (best + 1) * perIteration);
  const forest = writer.finish({ treeGroups: Int32Array.from(info).subarray(0, count), weights });
  if (forest.leafSize !== 1 && forest.leafSize !== groups) {
    throw unsupported('XGBoost', `leaves of ${forest.leafSize} values for ${groups} classes or targets`);
  }
  return forest;
}

function bestIteration(learner: Fields): number | undefined {
  if (!learner.has('attributes')) {
    return undefined;
  }
  const attributes = learner.object('attributes');
  const best = attributes.has('best_iteration') ? attributes.number('best_iteration') : undefined;
  if (best !== undefined && !(Number.isInteger(best) && best >= 0)) {
    throw invalid('XGBoost', `its best_iteration is ${best}`);
  }
  return best;
}

/** Reads weights feature by feature, one number per group; biases come last. */
function readLinear(model: Fields, featureCount: number, groups: number) {
  const weights = Array.from(model.numbers('weights'));
  if (weights.length !== (featureCount + 1) * groups || !weights.every(Number.isFinite)) {
    throw invalid('XGBoost', `it has ${weights.length} weights for ${featureCount} features`);
  }
  return { weights: weights.slice(0, featureCount * groups), bias: weights.slice(featureCount * groups) };
}
