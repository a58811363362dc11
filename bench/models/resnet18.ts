import type { ModelProto } from '../../lib/model/onnx_pb.ts';
import { type GraphBuilder, startGraph } from './graph.ts';

/**
 * ResNet-18 (https://arxiv.org/abs/1512.03385, table 1) as `torch.onnx.export` writes it in evaluation mode: every
 * BatchNormalization is folded into the preceding convolution. Input: FP32 [N, 3, 224, 224]; output: FP32 [N, 1000].
 */
export function resnet18(seed: number): ModelProto {
  const graph = startGraph('resnet18', seed);
  const input = graph.input('input', 'FP32', ['N', 3, 224, 224]);

  const stem = graph.node('Relu', [
    convolution(graph, 'conv1', input, { from: 3, to: 64, kernel: 7, stride: 2 }),
  ]);
  let value = graph.node('MaxPool', [stem], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] });

  let channels = 64;
  for (const [index, width] of [64, 128, 256, 512].entries()) {
    for (const block of [0, 1]) {
      const stride = index > 0 && block === 0 ? 2 : 1;
      value = basicBlock(graph, `layer${index + 1}.${block}`, value, { from: channels, to: width, stride });
      channels = width;
    }
  }

  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [value])], { axis: 1 });
  const weight = graph.weight('fc.weight', [1000, 512], Math.sqrt(3 / 512));
  const bias = graph.weight('fc.bias', [1000], 0.04);
  graph.output(graph.node('Gemm', [pooled, weight, bias], { transB: 1 }), 'output', 'FP32', ['N', 1000]);
  return graph.model();
}

function basicBlock(
  graph: GraphBuilder,
  name: string,
  input: string,
  { from, to, stride }: { from: number; to: number; stride: number },
): string {
  const first = graph.node('Relu', [
    convolution(graph, `${name}.conv1`, input, { from, to, kernel: 3, stride }),
  ]);
  const second = convolution(graph, `${name}.conv2`, first, { from: to, to, kernel: 3, stride: 1 });
  const shortcut =
    from === to ? input : convolution(graph, `${name}.downsample.0`, input, { from, to, kernel: 1, stride });
  return graph.node('Relu', [graph.node('Add', [second, shortcut])]);
}

function convolution(
  graph: GraphBuilder,
  name: string,
  input: string,
  { from, to, kernel, stride }: { from: number; to: number; kernel: number; stride: number },
): string {
  const fanIn = from * kernel * kernel;
  const weight = graph.weight(`${name}.weight`, [to, from, kernel, kernel], Math.sqrt(3 / fanIn));
  const bias = graph.weight(`${name}.bias`, [to], 0.1);
  const pad = (kernel - 1) / 2;
  return graph.node('Conv', [input, weight, bias], {
    dilations: [1, 1],
    group: 1,
    kernel_shape: [kernel, kernel],
    pads: [pad, pad, pad, pad],
    strides: [stride, stride],
  });
}
