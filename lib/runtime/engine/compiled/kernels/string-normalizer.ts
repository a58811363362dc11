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
    // If nothing remains, ONNX returns one empty string.
    const out = kept.length === 0 ? [''] : kept;
    return [new EngineTensor('string', out, dims.length === 2 ? [1, out.length] : [out.length])];
  };
};

/** Converts character by character, like C's towlower: a character that would become several is unchanged. */
function toLower(text: string): string {
  return mapCharacters(text, character => (character === 'İ' ? 'i' : character.toLowerCase()));
}

/** Greek letters with an iota subscript, which have two-letter capitals, map to title case at this distance. */
const titles: [first: number, last: number, distance: number][] = [
  [0x1f80, 0x1f87, 8],
  [0x1f90, 0x1f97, 8],
  [0x1fa0, 0x1fa7, 8],
  [0x1fb3, 0x1fb3, 9],
  [0x1fc3, 0x1fc3, 9],
  [0x1ff3, 0x1ff3, 9],
];

function toUpper(text: string): string {
  return mapCharacters(text, character => {
    const code = character.codePointAt(0)!;
    const title = titles.find(([first, last]) => code >= first && code <= last);
    return title === undefined ? character.toUpperCase() : String.fromCodePoint(code + title[2]);
  });
}

function mapCharacters(text: string, map: (character: string) => string): string {
  let out = '';
  for (const character of text) {
    const mapped = map(character);
    out += mapped.length === character.length ? mapped : character;
  }
  return out;
}
