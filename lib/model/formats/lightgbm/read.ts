import type { Booster } from '../booster.ts';
import { checkTree } from '../check-tree.ts';
import { categoricalFeatures, checkFeatures } from '../forest.ts';
import { invalid, unsupported } from '../invalid.ts';
import { type ForestWriter, startForest } from '../lay-trees.ts';
import { readFeatures } from './features.ts';
import { readLines } from './lines.ts';
import { linkOf } from './link.ts';
import { readTree, treeLines } from './tree.ts';

const versions = ['v3', 'v4'];
const mostGroups = 100_000;

/**
 * Reads a model that LightGBM's `save_model` wrote, tree by tree.
 * @param chunks - the file, piece by piece
 * @throws ColdpressError BOOSTER_INVALID, BOOSTER_UNSUPPORTED
 */
export function readLightGbm(chunks: Iterable<Buffer>): Booster {
  const header = new Map<string, string>();
  const flags = new Set<string>();
  const forest = startForest('LightGBM');
  let section = header;
  let isEnded = false;
  let pandas: unknown;

  const finishSection = () => {
    if (section === header) {
      checkVersion(header);
      return;
    }
    const tree = readTree(section, forest.count);
    checkTree('LightGBM', forest.count, tree);
    forest.add(tree);
  };
  for (const line of readLines(chunks)) {
    const [name, value] = splitLine(line);
    if (line.startsWith('pandas_categorical:')) {
      pandas = parsePandas(line.slice('pandas_categorical:'.length));
    } else if (isEnded) {
      // Importances and training parameters follow.
    } else if (line === 'end of trees') {
      finishSection();
      isEnded = true;
    } else if (name === 'Tree') {
      finishSection();
      section = new Map();
    } else if (value === undefined) {
      flags.add(line.trim());
    } else if (section === header || treeLines.has(name)) {
      section.set(name, value);
    }
  }
  if (!isEnded) {
    throw invalid('LightGBM', `it ends before the line "end of trees", with ${forest.count} read so far`);
  }
  return finish({ header, flags, forest, pandas });
}

function finish({
  header,
  flags,
  forest: writer,
  pandas,
}: {
  header: ReadonlyMap<string, string>;
  flags: ReadonlySet<string>;
  forest: ForestWriter;
  pandas: unknown;
}): Booster {
  const groups = readGroups(header);
  const forest = writer.finish({
    treeGroups: Int32Array.from({ length: writer.count }, (_, index) => index % groups),
  });
  const features = readFeatures(header, pandas, categoricalFeatures(forest));
  checkFeatures('LightGBM', forest, features.length);
  const objective = header.get('objective');
  return {
    library: 'LightGBM',
    objective: objective ?? 'none',
    link: linkOf(objective),
    features,
    groups,
    base: new Array(groups).fill(0),
    isAverage: flags.has('average_output'),
    forest,
    explainer: 'paths',
  };
}

function checkVersion(header: ReadonlyMap<string, string>): void {
  const version = header.get('version') ?? '';
  if (!versions.includes(version)) {
    throw unsupported('LightGBM', `version "${version}" of the text format`);
  }
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
