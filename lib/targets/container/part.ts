import { MODEL_FOLDER } from '../../contract/files.ts';

/** By rate of change, the slowest first: the engine changes with a version, the weights with a training. */
export const parts = ['engine', 'weights', 'code'] as const;

export type Part = (typeof parts)[number];

/** What a file of the function is of. @param path - as the manifest has it */
export function partOf(path: string): Part {
  const [folder = ''] = path.split('/');
  if (folder === MODEL_FOLDER) {
    return 'weights';
  }
  return folder.startsWith('coldpress-onnxruntime-') || folder === 'node_modules' ? 'engine' : 'code';
}
