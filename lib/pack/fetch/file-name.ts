import { posix } from 'node:path';
import { modelEnding } from '../../model/model-name.ts';

/** File systems take 255 bytes, of which a temporary name needs some. */
const stemLength = 100;

/** The name of a model's file in the cache, from the path of its URL: it names the function. */
export function fileNameOf(url: URL): string {
  const name = posix.basename(decodeURIComponent(url.pathname)).replace(/[^\w.-]/g, '-');
  const [ending = ''] = modelEnding.exec(name) ?? [];
  const stem = name.slice(0, name.length - ending.length).replace(/^\.+/, '');
  return stem === '' ? 'model.onnx' : `${stem.slice(0, stemLength)}${ending}`;
}
