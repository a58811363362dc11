import { readOutline } from './read.ts';
import { type ModelFormat, recogniseModel } from './recognise.ts';

/** Metadata that a model file contains about itself. */
export interface ModelProvenance {
  format: ModelFormat;
  /** The program that exported it, with its version. */
  producer?: string;
  author?: string;
  license?: string;
}

/** Metadata keys, the standard one first: https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md */
const authorKeys = ['model_author', 'author', 'authors'];
const licenseKeys = ['model_license', 'license', 'licence'];

/** Reads author, licence and producer from a model's metadata. Boosters have none. */
export async function readProvenance(path: string): Promise<ModelProvenance> {
  const { format } = await recogniseModel(path);
  if (format !== 'onnx') {
    return { format };
  }
  const model = await readOutline(path);
  if (model.format !== 'onnx') {
    return { format };
  }
  const { producerName, producerVersion, metadataProps } = model.proto;
  const metadata = new Map(metadataProps.map(({ key, value }) => [key.toLowerCase(), value.trim()]));
  const first = (keys: string[]) => keys.map(key => metadata.get(key)).find(value => value);
  const producer = `${producerName} ${producerVersion}`.trim();
  const author = first(authorKeys);
  const license = first(licenseKeys);
  return {
    format,
    ...(producer !== '' && { producer }),
    ...(author !== undefined && { author }),
    ...(license !== undefined && { license }),
  };
}
