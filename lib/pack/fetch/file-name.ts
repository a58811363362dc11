import { posix } from 'node:path';
import { modelEnding } from '../../model/model-name.ts';

/** File systems allow names of 255 bytes, and temporary names need some of them. */
const stemLength = 100;

/** The file name of a model in the cache, from the path of its URL. The function's name is derived from it. */
export function fileNameOf(url: URL): string {
  const name = posix.basename(decodeURIComponent(url.pathname)).replace(/[^\w.-]/g, '-');
  const [ending = ''] = modelEnding.exec(name) ?? [];
  const stem = name.slice(0, name.length - ending.length).replace(/^\.+/, '');
  return stem === '' ? 'model.onnx' : `${stem.slice(0, stemLength)}${ending}`;
}
