import { MODEL_FOLDER } from '../../contract/files.ts';

/** Parts by how often they change, rarest first: the engine changes with a version, the weights with a training. */
export const parts = ['engine', 'weights', 'code'] as const;

export type Part = (typeof parts)[number];

/** Returns the part that a file of the function belongs to. @param path - path in the manifest */
export function partOf(path: string): Part {
  const [folder = ''] = path.split('/');
  if (folder === MODEL_FOLDER) {
    return 'weights';
  }
  return folder.startsWith('coldpress-onnxruntime-') || folder === 'node_modules' ? 'engine' : 'code';
}
