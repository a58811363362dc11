/** The size of a node's output in one run of the model; in a loop, the largest of its iterations. */
export interface Made {
  operator: string;
  dims: number[];
}

/** Outputs by a key that is the same in every run. */
export type Run = Map<string, Made>;

interface ProfileEvent {
  cat: string;
  name: string;
  args: {
    op_name?: string;
    node_index?: string;
    input_type_shape?: Shape[];
    output_type_shape?: Shape[];
  };
}

/** The shape of one tensor, by its type. */
type Shape = Record<string, number[]>;

/** Size of a string in ONNX Runtime, in FLOATs. */
const STRING_WEIGHT = 8;

/** Operators that make a matrix of scores that is not an output. */
const ATTENTIONS = new Set(['Attention', 'MultiHeadAttention', 'GroupQueryAttention']);

/**
 * Reads ONNX Runtime's profile, which lists the events of one run after another, including nodes in bodies.
 * @param heads - number of heads of the model's attentions
 */
export function readProfile(text: string, heads: number): Run[] {
  const runs: Run[] = [];
  let run: Run = new Map();
  for (const { cat, name, args } of JSON.parse(text) as ProfileEvent[]) {
    if (cat === 'Session' && name === 'model_run') {
      runs.push(run);
      run = new Map();
    }
    const { op_name: operator, node_index: index, output_type_shape: outputs } = args;
    if (cat !== 'Node' || operator === undefined || outputs === undefined) {
      continue;
    }
    const made = outputs.map(dimsOf);
    if (ATTENTIONS.has(operator)) {
      made.push(scoresOf((args.input_type_shape ?? []).map(dimsOf), heads));
    }
    for (const [output, dims] of made.entries()) {
      keepLarger(run, `${name} ${index} ${output} ${dims.length}`, { operator, dims });
    }
  }
  return runs;
}

function dimsOf(shape: Shape): number[] {
  const [[type, dims] = ['', []]] = Object.entries(shape);
  return type === 'string' ? [...dims, STRING_WEIGHT] : dims;
}

/** Returns the shape of the scores: each query by each key, without past keys. */
function scoresOf([query = [], key = []]: number[][], heads: number): number[] {
  const length = query.at(-2) ?? 1;
  return [query[0] ?? 1, heads, length, key.length < 3 ? length : key.at(-2)!];
}

function keepLarger(run: Run, key: string, { operator, dims }: Made): void {
  const known = run.get(key)?.dims ?? dims;
  run.set(key, { operator, dims: dims.map((size, axis) => Math.max(size, known[axis]!)) });
}
