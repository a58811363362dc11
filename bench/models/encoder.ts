import type { ModelProto } from '../../lib/model/onnx_pb.ts';
import { type GraphBuilder, startGraph } from './graph.ts';

const WIDTH = 384;
const HEADS = 12;
const HEAD_WIDTH = WIDTH / HEADS;
const FEED_FORWARD = 1536;
const VOCABULARY = 30522;
const POSITIONS = 512;

/**
 * A sentence encoder with the shape of MiniLM-L6 (https://arxiv.org/abs/2002.10957), as `torch.onnx.export` writes BERT
 * at opset 17: with the shape arithmetic that a traced `view` leaves behind, and Gelu expanded to Erf. Inputs: INT64
 * input_ids and attention_mask [N, sequence]; output: FP32 [N, 384], the mean of the unmasked tokens.
 * @param layers - 6 make 90 MB, each further one adds 7 MB
 */
export function encoder(seed: number, layers = 6): ModelProto {
  const graph = startGraph('encoder', seed);
  const ids = graph.input('input_ids', 'INT64', ['N', 'sequence']);
  const mask = graph.input('attention_mask', 'INT64', ['N', 'sequence']);

  const bias = attentionBias(graph, mask);
  let hidden = embeddings(graph, ids);
  for (let layer = 0; layer < layers; layer++) {
    const name = `encoder.layer.${layer}`;
    const attended = attention(graph, `${name}.attention`, hidden, bias);
    hidden = normalise(graph, `${name}.attention.output`, graph.node('Add', [attended, hidden]));
    const expanded = gelu(graph, linear(graph, `${name}.intermediate`, hidden, [WIDTH, FEED_FORWARD]));
    const contracted = linear(graph, `${name}.output`, expanded, [FEED_FORWARD, WIDTH]);
    hidden = normalise(graph, `${name}.output`, graph.node('Add', [contracted, hidden]));
  }
  graph.output(meanPool(graph, hidden, mask), 'sentence_embedding', 'FP32', ['N', WIDTH]);
  return graph.model();
}

function embeddings(graph: GraphBuilder, ids: string): string {
  const shape = graph.node('Shape', [ids]);
  const length = graph.node('Unsqueeze', [size(graph, ids, 1), graph.int64s([0])]);
  const positionIds = graph.int64s(
    Array.from({ length: POSITIONS }, (_, i) => i),
    [1, POSITIONS],
  );
  const positions = graph.node('Slice', [positionIds, graph.int64s([0]), length, graph.int64s([1])]);
  const types = graph.node('Expand', [graph.int64s([0], [1, 1]), shape]);
  const tables = 'embeddings';
  const words = gather(graph, `${tables}.word_embeddings`, VOCABULARY, ids);
  const withTypes = graph.node('Add', [words, gather(graph, `${tables}.token_type_embeddings`, 2, types)]);
  const withPositions = graph.node('Add', [
    withTypes,
    gather(graph, `${tables}.position_embeddings`, POSITIONS, positions),
  ]);
  return normalise(graph, tables, withPositions);
}

function gather(graph: GraphBuilder, name: string, rows: number, indices: string): string {
  return graph.node('Gather', [graph.weight(`${name}.weight`, [rows, WIDTH], 0.05), indices], { axis: 0 });
}

/** 0 if a token counts, the lowest float if it does not: [N, 1, 1, sequence]. */
function attentionBias(graph: GraphBuilder, mask: string): string {
  const rows = graph.node('Unsqueeze', [
    graph.node('Unsqueeze', [mask, graph.int64s([1])]),
    graph.int64s([2]),
  ]);
  const inverted = graph.node('Sub', [graph.float(1), graph.node('Cast', [rows], { to: 1 })]);
  return graph.node('Mul', [inverted, graph.float(-3.4028234663852886e38)]);
}

function attention(graph: GraphBuilder, name: string, hidden: string, bias: string): string {
  const square: [number, number] = [WIDTH, WIDTH];
  const project = (part: string, perm: number[]) =>
    graph.node('Transpose', [reshapeHeads(graph, linear(graph, `${name}.self.${part}`, hidden, square))], {
      perm,
    });
  const query = project('query', [0, 2, 1, 3]);
  const key = project('key', [0, 2, 3, 1]);
  const value = project('value', [0, 2, 1, 3]);

  const products = graph.node('MatMul', [query, key]);
  const scores = graph.node('Add', [graph.node('Div', [products, graph.float(Math.sqrt(HEAD_WIDTH))]), bias]);
  const context = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), value]);
  const tokens = graph.node('Transpose', [context], { perm: [0, 2, 1, 3] });
  return linear(graph, `${name}.output`, reshape(graph, tokens, [WIDTH]), square);
}

function reshapeHeads(graph: GraphBuilder, value: string): string {
  return reshape(graph, value, [HEADS, HEAD_WIDTH]);
}

/** `value.view(value.size(0), value.size(1), ...rest)`. */
function reshape(graph: GraphBuilder, value: string, rest: number[]): string {
  const sizes = [0, 1].map(axis => graph.node('Unsqueeze', [size(graph, value, axis), graph.int64s([0])]));
  const shape = graph.node('Concat', [...sizes, ...rest.map(dimension => graph.int64s([dimension]))], {
    axis: 0,
  });
  return graph.node('Reshape', [value, shape]);
}

function size(graph: GraphBuilder, value: string, axis: number): string {
  return graph.node('Gather', [graph.node('Shape', [value]), graph.int64s([axis], [])], { axis: 0 });
}

function linear(graph: GraphBuilder, name: string, input: string, shape: [number, number]): string {
  const weight = graph.weight(`${name}.dense.weight`, shape, Math.sqrt(3 / shape[0]));
  const product = graph.node('MatMul', [input, weight]);
  return graph.node('Add', [graph.weight(`${name}.dense.bias`, [shape[1]], 0.02), product]);
}

function normalise(graph: GraphBuilder, name: string, input: string): string {
  const scale = graph.weight(`${name}.LayerNorm.weight`, [WIDTH], 0.1, 1);
  const bias = graph.weight(`${name}.LayerNorm.bias`, [WIDTH], 0.02);
  return graph.node('LayerNormalization', [input, scale, bias], { axis: -1, epsilon: 1e-12 });
}

function gelu(graph: GraphBuilder, input: string): string {
  const error = graph.node('Erf', [graph.node('Div', [input, graph.float(Math.SQRT2)])]);
  const doubled = graph.node('Mul', [input, graph.node('Add', [error, graph.float(1)])]);
  return graph.node('Mul', [doubled, graph.float(0.5)]);
}

function meanPool(graph: GraphBuilder, hidden: string, mask: string): string {
  const column = graph.node('Cast', [graph.node('Unsqueeze', [mask, graph.int64s([-1])])], { to: 1 });
  const weights = graph.node('Expand', [column, graph.node('Shape', [hidden])]);
  const sum = graph.node('ReduceSum', [graph.node('Mul', [hidden, weights]), graph.int64s([1])], {
    keepdims: 0,
  });
  const count = graph.node('ReduceSum', [weights, graph.int64s([1])], { keepdims: 0 });
  return graph.node('Div', [sum, graph.node('Max', [count, graph.float(1e-9)])]);
}
