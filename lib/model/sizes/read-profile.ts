/** What a node made in one run of the model, the largest of its turns where it stands in a loop. */
export interface Made {
  operator: string;
  dims: number[];
}

/** By a key that a node's output has in every run. */
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

/** Of one tensor, by its type. */
type Shape = Record<string, number[]>;

/** Bytes of a string of ONNX Runtime's, by those of a FLOAT. */
const STRING_WEIGHT = 8;

/** Operators that make a matrix of scores, which is none of their outputs. */
const ATTENTIONS = new Set(['Attention', 'MultiHeadAttention', 'GroupQueryAttention']);

/**
 * Reads a profile of ONNX Runtime: the events of each run, one after another, the nodes of bodies among them.
 * @param heads - of the model's attentions
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

/** Each query by each key, past ones aside. */
function scoresOf([query = [], key = []]: number[][], heads: number): number[] {
  const length = query.at(-2) ?? 1;
  return [query[0] ?? 1, heads, length, key.length < 3 ? length : key.at(-2)!];
}

function keepLarger(run: Run, key: string, { operator, dims }: Made): void {
  const known = run.get(key)?.dims ?? dims;
  run.set(key, { operator, dims: dims.map((size, axis) => Math.max(size, known[axis]!)) });
}
