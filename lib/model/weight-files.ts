import { type ExternalFile, resolveExternalData } from './external-data.ts';
import { readOutline } from './read.ts';
import { recogniseModel } from './recognise.ts';

/**
 * Returns the weight files next to a model; only an ONNX model may have any.
 * @throws ColdpressError if the file is not a model, or has unsafe external data
 */
export async function findWeightFiles(path: string): Promise<ExternalFile[]> {
  const { format } = await recogniseModel(path);
  return format === 'onnx' ? resolveExternalData(await readOutline(path)) : [];
}
