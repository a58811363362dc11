import { attributeTensors, subgraphs, tensorsOf } from './attributes.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto } from './onnx_pb.ts';

/** Yields every graph of the model: its own and those in attributes of nodes at any depth, including in functions. */
export function* allGraphs(model: ModelProto): Generator<GraphProto> {
  if (model.graph !== undefined) {
    yield* graphsOf(model.graph);
  }
  for (const body of model.functions) {
    yield* graphsIn(body.node);
  }
}

/** Yields every node of all graphs and functions of the model. */
export function* allNodes(model: ModelProto): Generator<NodeProto> {
  for (const graph of allGraphs(model)) {
    yield* graph.node;
  }
  for (const body of model.functions) {
    yield* body.node;
  }
}

function* graphsOf(graph: GraphProto): Generator<GraphProto> {
  yield graph;
  yield* graphsIn(graph.node);
}

function* graphsIn(nodes: NodeProto[]): Generator<GraphProto> {
  for (const node of nodes) {
    for (const graph of subgraphs(node)) {
      yield* graphsOf(graph);
    }
  }
}

/** Yields every tensor stored in the model: initializers, constants, defaults of functions' attributes. */
export function* allTensors(model: ModelProto): Generator<TensorProto> {
  const training = model.trainingInfo.flatMap(info => [info.initialization, info.algorithm]);
  const roots = training.filter(graph => graph !== undefined);
  for (const graph of [...roots.flatMap(root => [...graphsOf(root)]), ...allGraphs(model)]) {
    yield* graph.initializer;
    for (const { values, indices } of graph.sparseInitializer) {
      if (values !== undefined) {
        yield values;
      }
      if (indices !== undefined) {
        yield indices;
      }
    }
    for (const node of graph.node) {
      yield* attributeTensors(node);
    }
  }
  for (const body of model.functions) {
    for (const attribute of body.attributeProto) {
      yield* tensorsOf(attribute);
    }
    for (const node of body.node) {
      yield* attributeTensors(node);
    }
  }
}
