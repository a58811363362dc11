import type { InputSpec } from '../../contract/manifest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { RunModel } from './prove-rows.ts';
import { countElements, type Dimensions, openDimensions, resize, type Sizes } from './resize.ts';

/** Size of the other dimensions next to an empty one: a kernel that reads out of bounds then reads farther. */
const largeSize = 64;
/** Larger inputs would take too long. */
const mostElements = 2 ** 16;
/** At most this many dimensions may be empty, because all combinations of them are tried. */
const mostEmpty = 4;
/** Each crash costs a new process. */
const mostDeaths = 12;

/**
 * Tries the sizes that kernels most often mishandle, 0 and 1: each open dimension alone, and 0 also with all others
 * small, with all others large, and in several at once.
 * @param run - may crash the engine, which must be running again for the next run
 * @param base - inputs that the model has answered
 * @returns the inputs with the smallest sizes that a request may have; see `InputSpec.minShape`
 */
export async function proveSizes(
  run: RunModel,
  inputs: readonly InputSpec[],
  base: readonly ProbeTensor[],
): Promise<InputSpec[]> {
  const groups = openDimensions(inputs, base);
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

/** Returns every non-empty subset. */
function subsets<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: 2 ** items.length - 1 }, (_, choice) =>
    items.filter((_, index) => (choice + 1) & (2 ** index)),
  );
}
