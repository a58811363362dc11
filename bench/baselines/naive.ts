import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType, TypeProtoSchema } from '../../lib/model/onnx_pb.ts';
import { writeBaseline } from './baseline.ts';

/**
 * Writes to `dir`, laid out as an artifact, the function that an ordinary developer deploys for `model`:
 * naive-handler.cjs, and onnxruntime-node in node_modules without the files of other platforms.
 */
export async function buildNaive(dir: string, model: string): Promise<void> {
  const functionDir = await writeBaseline(dir, { name: 'naive', handlerFile: 'naive-handler.cjs' });
  await writeFile(join(functionDir, 'model.onnx'), withoutZipMap(await readFile(model)));
  await copyEngine(join(functionDir, 'node_modules'));
}

async function copyEngine(nodeModules: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const engine = dirname(require.resolve('onnxruntime-node/package.json'));
  const common = dirname(dirname(dirname(createRequire(join(engine, 'dist')).resolve('onnxruntime-common'))));
  await mkdir(nodeModules, { recursive: true });
  await cp(common, join(nodeModules, 'onnxruntime-common'), { recursive: true });

  const binaries = join(engine, 'bin', 'napi-v6');
  const own = join(binaries, platform(), arch());
  await cp(engine, join(nodeModules, 'onnxruntime-node'), {
    recursive: true,
    filter: path => !path.startsWith(binaries + sep) || own.startsWith(path) || path.startsWith(own),
  });
}

/**
 * onnxruntime-node refuses to run a model with a ZipMap ("Non tensor type is temporarily not supported"), so its
 * user exports the classifier anew with skl2onnx's `zipmap: False`. This makes that other export.
 */
function withoutZipMap(bytes: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const zipMaps = model.graph?.node.filter(node => node.opType === 'ZipMap') ?? [];
  if (model.graph === undefined || zipMaps.length === 0) {
    return bytes;
  }

  model.graph.node = model.graph.node.filter(node => !zipMaps.includes(node));
  for (const { input, output } of zipMaps) {
    const zipped = model.graph.output.find(candidate => candidate.name === output[0]);
    if (zipped === undefined) {
      continue;
    }
    zipped.name = input[0]!;
    const tensor = { elemType: TensorProto_DataType.FLOAT };
    zipped.type = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } });
  }
  return toBinary(ModelProtoSchema, model);
}
