import { hashFile } from '../../hash-file.ts';
import type { CommonReport } from '../common-report.ts';
import { fitTargets } from '../fit.ts';
import type { BoosterFile } from './read-booster.ts';
import { isClassifier, signatureOf } from './signature.ts';

/** Summary of a booster's contents. */
export interface BoosterDetails {
  library: 'LightGBM' | 'XGBoost';
  objective: string;
  /** `null` if answers are numbers, not classes. */
  classes: number | null;
  trees: number;
  /** Number of splits on the longest path. */
  depth: number;
  /** Number of trees per round of training. */
  treesPerIteration: number;
  features: { name: string; type: 'number' | 'category'; categories?: (string | number | boolean)[] }[];
}

export type BoosterReport = CommonReport & { format: 'lightgbm' | 'xgboost' } & BoosterDetails;

/** Like `inspectModel`, for a booster. @param options.sha256 - adds the file's SHA-256 */
export async function describeBooster(
  { path, sizeBytes, booster }: BoosterFile,
  { sha256 = false }: { sha256?: boolean },
): Promise<BoosterReport> {
  const { library, objective, groups, forest, features } = booster;
  const signature = signatureOf(booster);
  const values = (specs: typeof signature.outputs) =>
    specs.map(({ name, datatype, shape }) => ({
      name,
      type: `${datatype.toLowerCase()}[${shape?.join(',') ?? ''}]`,
      datatype,
      shape,
    }));
  return {
    path,
    sizeBytes,
    ...(sha256 && { sha256: await hashFile(path) }),
    format: library === 'LightGBM' ? 'lightgbm' : 'xgboost',
    library,
    objective,
    classes: isClassifier(booster) ? Math.max(2, groups) : null,
    trees: forest.roots.length,
    depth: forest.depth,
    treesPerIteration: groups,
    features: features.map(({ name, isCategorical, categories }) => ({
      name,
      type: isCategorical || categories !== undefined ? 'category' : 'number',
      ...(categories && { categories }),
    })),
    signature: { inputs: values(signature.inputs), outputs: values(signature.outputs) },
    rewrites: [],
    packedSignature: signature,
    externalData: [],
    obstacles: [],
    opened: true,
    targets: fitTargets(sizeBytes, [], 'compiled'),
  };
}
