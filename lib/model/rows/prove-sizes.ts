import type { InputSpec } from '../../contract/manifest.ts';
import { joinRows } from '../../contract/rows.ts';
import { isOpen } from '../../contract/signature.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { elementCount } from '../press/tensors.ts';
import type { RunModel } from './prove-rows.ts';
import { slice } from './record-inputs.ts';

/** Dimensions that have one size in a request: of one name, or those that count its records. */
type Dimensions = { input: number; axis: number }[];
type Sizes = Iterable<readonly [group: Dimensions, size: number]>;

/** For the others of an empty dimension: a kernel that goes beyond an end then goes farther. */
const largeSize = 64;
/** Larger inputs would compute for long. */
const mostElements = 2 ** 16;
/** More than that many are not tried in combination, and so may not be empty. */
const mostEmpty = 4;
/** Each death costs a new process. */
const mostDeaths = 12;

/**
 * Tries the sizes that kernels expect least, 0 and 1: of each open dimension alone, and 0 also with all others small,
 * with all others large, and in several at once.
 * @param run - may kill the engine, which is alive again for the next run
 * @param base - inputs that the model has answered
 * @returns the inputs with the least sizes that a request may have; see `InputSpec.minShape`
 */
export async function proveSizes(
  run: RunModel,
  inputs: readonly InputSpec[],
  base: readonly ProbeTensor[],
): Promise<InputSpec[]> {
  const groups = openDimensions(inputs).filter(group =>
    group.every(({ input, axis }) => base[input]!.dims[axis]! > 0),
  );
  let deaths = 0;
  const attempt = async (sizes: Sizes) => {
    const { kind } = await run(resize(base, sizes));
    deaths += kind === 'died' ? 1 : 0;
    return kind;
  };
  const others = (size: number) => groups.map(group => [group, size] as const);
  const survives = async (group: Dimensions, empty: readonly Dimensions[]) => {
    const large = [...others(largeSize), [group, 0] as const];
    const cases: Sizes[] = [
      [...others(1), [group, 0]],
      ...(countElements(base, large) > mostElements ? [] : [large]),
      ...subsets(empty).map(chosen => [group, ...chosen].map(dimensions => [dimensions, 0] as const)),
    ];
    for (const sizes of cases) {
      if ((await attempt(sizes)) === 'died') {
        return false;
      }
    }
    return true;
  };
  const least = new Map<Dimensions, number>();
  const empty: Dimensions[] = [];
  for (const group of groups) {
    if (deaths >= mostDeaths) {
      break;
    }
    if ((await attempt([[group, 1]])) === 'died') {
      least.set(group, 2);
    } else if (
      empty.length < mostEmpty &&
      (await attempt([[group, 0]])) === 'answered' &&
      (await survives(group, empty))
    ) {
      least.set(group, 0);
      empty.push(group);
    }
  }
  return inputs.map((spec, index) => {
    const own = [...least].flatMap(([group, size]) =>
      group.flatMap(({ input, axis }) => (input === index ? [{ axis, size }] : [])),
    );
    return {
      ...spec,
      minShape: spec.minShape.map((size, axis) => own.find(found => found.axis === axis)?.size ?? size),
    };
  });
}

function openDimensions(inputs: readonly InputSpec[]): Dimensions[] {
  const names = inputs.map(({ shape, rowAxis }) => shape?.[rowAxis ?? -1]);
  const dimensions = inputs.flatMap(({ shape, rowAxis }, input) =>
    (shape ?? []).flatMap((size, axis) => {
      if (!isOpen(size)) {
        return [];
      }
      const isRows = axis === rowAxis || (typeof size === 'string' && names.includes(size));
      return { input, axis, group: isRows ? '' : typeof size === 'string' ? size : `${input} ${axis}` };
    }),
  );
  return [...Map.groupBy(dimensions, ({ group }) => group).values()];
}

/** Every choice of at least one. */
function subsets<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: 2 ** items.length - 1 }, (_, choice) =>
    items.filter((_, index) => (choice + 1) & (2 ** index)),
  );
}

/** The later of two sizes of a dimension counts. */
function resize(base: readonly ProbeTensor[], sizes: Sizes): ProbeTensor[] {
  const tensors = [...base];
  // The empty ones first: to enlarge what is empty already costs nothing.
  for (const [group, size] of [...new Map(sizes)].toSorted(([, a], [, b]) => a - b)) {
    for (const { input, axis } of group) {
      tensors[input] = resizeAxis(tensors[input]!, axis, size);
    }
  }
  return tensors;
}

/** Shorter by leaving out, longer by repeating. */
function resizeAxis(tensor: ProbeTensor, axis: number, size: number): ProbeTensor {
  const { data, dims } = tensor;
  const copies = Array.from({ length: Math.ceil(size / dims[axis]!) }, () => ({ data, shape: dims }));
  if (copies.length < 2) {
    return slice(tensor, axis, 0, size);
  }
  const repeated = joinRows(copies, axis);
  return slice({ ...tensor, data: repeated.data, dims: repeated.shape }, axis, 0, size);
}

function countElements(base: readonly ProbeTensor[], sizes: Sizes): number {
  const dims = base.map(tensor => [...tensor.dims]);
  for (const [group, size] of sizes) {
    for (const { input, axis } of group) {
      dims[input]![axis] = size;
    }
  }
  return dims.reduce((sum, sizes) => sum + elementCount(sizes), 0);
}
