import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  change: 'NONE' | 'LOWER' | 'UPPER';
  isCaseSensitive: boolean;
  stopwords: string[];
}

/** https://onnx.ai/onnx/operators/onnx__StringNormalizer.html */
export const stringNormalizer: Kernel<Settings> = ({ change, isCaseSensitive, stopwords }) => {
  const compared = isCaseSensitive ? (text: string) => text : change === 'UPPER' ? toUpper : toLower;
  const changed = change === 'NONE' ? (text: string) => text : change === 'UPPER' ? toUpper : toLower;
  const stopped = new Set(stopwords.map(compared));
  return ({ data, dims }: EngineTensor & { data: string[] }) => {
    if (dims.length === 0 || dims.length > 2 || (dims.length === 2 && dims[0] !== 1) || data.length === 0) {
      throw new Error(`StringNormalizer: the input is [${dims.join(', ')}]; expected [C] or [1, C]`);
    }
    const kept = data.filter(text => !stopped.has(compared(text))).map(changed);
    // Where nothing is left, one empty string is.
    const out = kept.length === 0 ? [''] : kept;
    return [new EngineTensor('string', out, dims.length === 2 ? [1, out.length] : [out.length])];
  };
};

/** Character by character, as C's towlower does: what would become several stays as it is. */
function toLower(text: string): string {
  return mapCharacters(text, character => character.toLowerCase());
}

function toUpper(text: string): string {
  return mapCharacters(text, character => character.toUpperCase());
}

function mapCharacters(text: string, map: (character: string) => string): string {
  let out = '';
  for (const character of text) {
    const mapped = map(character);
    out += mapped.length === character.length ? mapped : character;
  }
  return out;
}
