import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import type { Target } from '../targets/target.ts';

/** The unpacked size of an artifact, by contributor, and the target's limit. */
export interface Budget {
  limitBytes: number | undefined;
  totalBytes: number;
  contributors: { name: string; sizeBytes: number }[];
}

/** Files that the budget lists together under one name. */
const groups: [name: string, pattern: RegExp][] = [
  ['handler and score', /^(index|chunk-[\w-]+)\.[mc]js$/],
  ['model', /^model\//],
  ['profile', /^profile\.json$/],
  ['assets', /^assets\//],
  ['ONNX Runtime', /coldpress-onnxruntime-/],
  ['packages', /^node_modules\//],
  ['functions framework', /^functions-framework\//],
  ['build', /^(package(-lock)?\.json|\.npmrc|\.gcloudignore)$/],
];

/**
 * Adds up what the platform counts: the function and its layer, unpacked.
 * @throws ColdpressError OVER_BUDGET, with the excess and what would fit
 */
export function checkBudget(target: Target, { files, layer }: Manifest): Budget {
  const sizes = new Map<string, number>();
  for (const file of [...files, ...(layer?.files ?? [])]) {
    const name = groups.find(([, pattern]) => pattern.test(file.path))?.[0] ?? 'notices';
    sizes.set(name, (sizes.get(name) ?? 0) + file.sizeBytes);
  }
  const contributors = [...sizes].map(([name, sizeBytes]) => ({ name, sizeBytes }));
  contributors.sort((a, b) => b.sizeBytes - a.sizeBytes);
  const totalBytes = contributors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const limitBytes = target.unzippedLimitBytes;
  if (limitBytes !== undefined && totalBytes > limitBytes) {
    const rest = totalBytes - (sizes.get('model') ?? 0);
    throw new ColdpressError(
      'OVER_BUDGET',
      `the artifact is ${format(totalBytes)} bytes unpacked, ${format(totalBytes - limitBytes)} more than ${target.title} accepts (${format(limitBytes)}, layers counted)`,
      {
        hint:
          limitBytes > rest
            ? `a model of at most ${format(limitBytes - rest)} bytes would fit: quantise it, or use a container image`
            : `it is too large even without the model: ${contributors[0]!.name} is ${format(contributors[0]!.sizeBytes)} bytes`,
      },
    );
  }
  return { limitBytes, totalBytes, contributors };
}

function format(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
