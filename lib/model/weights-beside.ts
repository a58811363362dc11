import { type ExternalFile, resolveExternalData } from './external-data.ts';
import { readOutline } from './read.ts';
import { recogniseModel } from './recognise.ts';

/**
 * The files of weights beside a model, which an ONNX model alone may have.
 * @throws ColdpressError for what is not a model, or has unsafe external data
 */
export async function weightsBeside(path: string): Promise<ExternalFile[]> {
  const { format } = await recogniseModel(path);
  return format === 'onnx' ? resolveExternalData(await readOutline(path)) : [];
}
