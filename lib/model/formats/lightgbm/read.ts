import type { Booster, Tree } from '../booster.ts';
import { checkTree } from '../check-tree.ts';
import { invalid, unsupported } from '../invalid.ts';
import { ListMemory } from '../list-memory.ts';
import { readFeatures } from './features.ts';
import { readLines } from './lines.ts';
import { linkOf } from './link.ts';
import { readTree } from './tree.ts';

const versions = ['v3', 'v4'];
const mostGroups = 100_000;

/**
 * Reads a model that LightGBM's `save_model` wrote.
 * @throws ColdpressError BOOSTER_INVALID, BOOSTER_UNSUPPORTED
 */
export function readLightGbm(bytes: Buffer): Booster {
  const header = new Map<string, string>();
  const flags = new Set<string>();
  const trees: Tree[] = [];
  const memory = new ListMemory();
  let section = header;
  let treeIndex = -1;
  let isEnded = false;
  let groups = 1;
  let pandas: unknown;

  const finishTree = () => {
    if (treeIndex >= 0) {
      trees.push(readTree(section, { index: treeIndex, group: treeIndex % groups, memory }));
    }
  };
  for (const line of readLines(bytes)) {
    const [name, value] = splitLine(line);
    if (line.startsWith('pandas_categorical:')) {
      pandas = parsePandas(line.slice('pandas_categorical:'.length));
    } else if (isEnded) {
      // Importances and parameters of the training.
    } else if (line === 'end of trees') {
      finishTree();
      isEnded = true;
    } else if (name === 'Tree') {
      if (treeIndex < 0) {
        groups = readGroups(header);
      }
      finishTree();
      treeIndex++;
      section = new Map();
    } else if (value === undefined) {
      flags.add(line.trim());
    } else {
      section.set(name, value);
    }
  }
  if (!isEnded) {
    throw invalid('LightGBM', `it ends before the line "end of trees", with ${trees.length} read so far`);
  }
  return finish({ header, flags, trees, groups: treeIndex < 0 ? readGroups(header) : groups, pandas });
}

function finish({
  header,
  flags,
  trees,
  groups,
  pandas,
}: {
  header: ReadonlyMap<string, string>;
  flags: ReadonlySet<string>;
  trees: Tree[];
  groups: number;
  pandas: unknown;
}): Booster {
  const version = header.get('version') ?? '';
  if (!versions.includes(version)) {
    throw unsupported('LightGBM', `version "${version}" of the text format`);
  }
  const sets = new Set(trees.flatMap(tree => [...tree.categories.keys()].map(node => tree.feature[node]!)));
  const features = readFeatures(header, pandas, sets);
  for (const [index, tree] of trees.entries()) {
    checkTree('LightGBM', index, tree, features.length);
    for (const leaf of tree.linear?.values() ?? []) {
      if (leaf.features.some(feature => !(feature >= 0 && feature < features.length))) {
        throw invalid(
          'LightGBM',
          `tree ${index} has a linear leaf of a feature that the model does not have`,
        );
      }
    }
  }
  const objective = header.get('objective');
  return {
    library: 'LightGBM',
    objective: objective ?? 'none',
    link: linkOf(objective),
    features,
    groups,
    base: new Array(groups).fill(0),
    isAverage: flags.has('average_output'),
    trees,
  };
}

function splitLine(line: string): [name: string, value: string | undefined] {
  const at = line.indexOf('=');
  return at === -1 ? [line, undefined] : [line.slice(0, at), line.slice(at + 1)];
}

function readGroups(header: ReadonlyMap<string, string>): number {
  const groups = Number(header.get('num_tree_per_iteration') ?? header.get('num_class') ?? 1);
  if (!Number.isInteger(groups) || groups < 1 || groups > mostGroups) {
    throw invalid('LightGBM', `num_tree_per_iteration=${header.get('num_tree_per_iteration')}`);
  }
  return groups;
}

function parsePandas(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('LightGBM', 'pandas_categorical is not valid JSON');
  }
}
