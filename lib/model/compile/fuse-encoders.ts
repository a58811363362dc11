import type { Constant, Graph, Parameter, Section, Step } from '../../contract/program.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { releaseEarly } from './lower.ts';

/** A program's graph with what its numbers mean. */
export interface Fusing {
  graph: Graph;
  constants: readonly Constant[];
  view(section: Section): TensorData;
}

/** An input of a fused step: categories, or numbers that the linear model reads as they are. */
interface Piece {
  slot: number;
  /** The column of the categories; -1 if they are the only one. */
  place: number;
  /** The settings of the encoder. */
  encoder: Step['parameters'] | undefined;
}

/** The pieces that a value consists of, in order, and the steps that join them. */
interface Pieces {
  pieces: Piece[];
  steps: Step[];
  /** Categories of the last axis, or `undefined` if some columns are numbers. */
  width: number | undefined;
  /** Encoders add an axis, which a Reshape or Flatten removes. */
  rank: 2 | 3;
}

const fused = new Map([
  ['linearClassifier', 'encodedClassifier'],
  ['linearRegressor', 'encodedRegressor'],
]);

/**
 * Replaces a linear model and the one-hot encoders before it by one step, which adds coefficients instead of
 * multiplying zeros. The sums are equal bit for bit, since they have the same order.
 */
export function fuseEncoders(fusing: Fusing): Graph {
  let { graph } = fusing;
  for (const step of graph.steps) {
    const found = fused.has(step.kernel) ? readPieces({ ...fusing, graph }, step.inputs[0]!) : undefined;
    if (found !== undefined && isWorthwhile(found, step, fusing)) {
      graph = replace(graph, step, found);
    }
  }
  // The step reads its inputs later than the encoders did.
  releaseEarly(graph);
  return graph;
}

/** Whether most columns are encoded. An infinite coefficient is left to the product: times 0, it is NaN. */
function isWorthwhile({ pieces }: Pieces, { parameters }: Step, { view }: Fusing): boolean {
  const coefficients = view((parameters.coefficients as { section: Section }).section) as Float32Array;
  const sums =
    typeof parameters.targets === 'number'
      ? parameters.targets
      : (parameters.intercepts as { section: Section }).section.length;
  const encoded = pieces.reduce((sum, { encoder }) => sum + (encoder === undefined ? 0 : sizeOf(encoder)), 0);
  return 2 * encoded * sums >= coefficients.length && coefficients.every(Number.isFinite);
}

function sizeOf({ categories }: Step['parameters']): number {
  return Array.isArray(categories) ? categories.length : (categories as { section: Section }).section.length;
}

/** Follows a value that only one step reads back to the encoders; other values are numbers. */
function readPieces(fusing: Fusing, slot: number): Pieces | undefined {
  const step = onlyMaker(fusing.graph, slot);
  const numbers: Pieces = {
    pieces: [{ slot, place: -1, encoder: undefined }],
    steps: [],
    width: undefined,
    rank: 2,
  };
  switch (step?.kernel) {
    case 'oneHotEncoder':
      return readEncoder(fusing, step);
    case 'concat': {
      const parts = step.inputs.map(from => readPieces(fusing, from));
      const [first] = parts;
      const isLast = step.parameters.axis === -1 || step.parameters.axis === (first?.rank ?? 2) - 1;
      if (!isLast || parts.some(part => part === undefined || part.rank !== first!.rank)) {
        return numbers;
      }
      const known = parts as Pieces[];
      return {
        pieces: known.flatMap(part => part.pieces),
        steps: [...new Set([...known.flatMap(part => part.steps), step])],
        width: known.reduce<number | undefined>(
          (sum, { width }) => (sum === undefined || width === undefined ? undefined : sum + width),
          0,
        ),
        rank: first!.rank,
      };
    }
    case 'reshape':
    case 'flatten': {
      const part = readPieces(fusing, step.inputs[0]!);
      return part?.rank === 3 && isFlat(fusing, step, part.width!)
        ? { ...part, steps: [...part.steps, step], rank: 2 }
        : numbers;
    }
    default:
      return numbers;
  }
}

function readEncoder(fusing: Fusing, step: Step): Pieces {
  const encoder = step.parameters;
  const result: Pieces = { pieces: [], steps: [step], width: sizeOf(encoder), rank: 3 };
  let [slot] = step.inputs as [number];
  let place = -1;
  const cast = onlyMaker(fusing.graph, slot);
  if (cast?.kernel === 'cast' && canReadUncast(fusing, encoder)) {
    result.steps.unshift(cast);
    [slot] = cast.inputs as [number];
  }
  const pick = onlyMaker(fusing.graph, slot);
  const isColumn =
    pick?.kernel === 'arrayFeatureExtractor' || (pick?.kernel === 'gather' && pick.parameters.axis === 1);
  const index = isColumn ? onlyInteger(fusing, pick!.inputs[1]!) : undefined;
  if (index !== undefined) {
    result.steps.unshift(pick!);
    [slot] = pick!.inputs as [number];
    place = index;
  }
  return { ...result, pieces: [{ slot, place, encoder }] };
}

/** The encoder truncates numbers as Cast does, except for those beyond int64, which Cast makes the least of all. */
function canReadUncast({ view }: Fusing, { categories }: Step['parameters']): boolean {
  const least = -(2n ** 63n);
  return (
    !Array.isArray(categories) &&
    !(view((categories as { section: Section }).section) as BigInt64Array).includes(least)
  );
}

/** Whether the step turns rows of shape [1, width] into rows of shape [width]. */
function isFlat(fusing: Fusing, { kernel, inputs, parameters }: Step, width: number): boolean {
  const shape =
    parameters.shape ?? (kernel === 'reshape' ? integersAt(fusing, inputs[1]!)?.values : undefined);
  return kernel === 'flatten'
    ? parameters.axis === 1
    : Array.isArray(shape) && shape.length === 2 && shape[0] === -1 && shape[1] === width;
}

/** Returns the element of a constant of shape [1], unless it is negative. */
function onlyInteger(fusing: Fusing, slot: number): number | undefined {
  const { dims, values } = integersAt(fusing, slot) ?? {};
  return dims?.length === 1 && values?.length === 1 && values[0]! >= 0 ? values[0] : undefined;
}

function integersAt({ graph, constants, view }: Fusing, slot: number) {
  const constant = constants[graph.constants.find(([at]) => at === slot)?.[1] ?? -1];
  return constant?.type === 'int64' && !Array.isArray(constant.data)
    ? { dims: constant.dims, values: Array.from(view(constant.data) as BigInt64Array, Number) }
    : undefined;
}

/** Returns the step that makes a value, if only one step reads it. */
function onlyMaker({ steps, outputs }: Graph, slot: number): Step | undefined {
  const readers = steps.filter(({ inputs }) => inputs.includes(slot));
  return readers.length === 1 &&
    readers[0]!.inputs.indexOf(slot) === readers[0]!.inputs.lastIndexOf(slot) &&
    !outputs.includes(slot)
    ? steps.find(step => step.outputs.includes(slot))
    : undefined;
}

function replace(graph: Graph, model: Step, { pieces, steps: before }: Pieces): Graph {
  const gone = new Set([...before, model]);
  const inputs = pieces.map(({ slot }) => slot);
  const categories = pieces.map(({ encoder }, index): [string, Parameter | undefined] => [
    `categories${index}`,
    encoder?.categories,
  ]);
  const step: Step = {
    kernel: fused.get(model.kernel)!,
    inputs,
    outputs: model.outputs,
    parameters: {
      ...model.parameters,
      places: pieces.map(({ place }) => place),
      zeros: pieces.every(({ encoder }) => encoder?.zeros !== false),
      ...Object.fromEntries(categories.filter(([, value]) => value !== undefined)),
      plain: {
        graph: {
          slots: graph.slots,
          constants: graph.constants,
          inputs,
          outputs: model.outputs,
          steps: graph.steps.filter(own => gone.has(own)),
        },
      },
    },
    release: [],
  };
  return {
    ...graph,
    steps: graph.steps.flatMap(own => (own === model ? [step] : gone.has(own) ? [] : [own])),
  };
}
