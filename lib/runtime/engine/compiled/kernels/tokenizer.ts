import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  /** Separators between tokens, in the order in which they are tried; `null` if an expression matches the tokens. */
  separators: string[] | null;
  /** Matches a token. */
  expression: string | null;
  /** Pads short rows. */
  padding: string;
  marks: boolean;
  leastCharacters: number;
}

const startOfText = '\u0002';
const endOfText = '\u0003';

/** com.microsoft.Tokenizer */
export const tokenizer: Kernel<Settings> = ({ separators, expression, padding, marks, leastCharacters }) => {
  const split = separators === null ? tokensBy(expression ?? '') : tokensBetween(separators);
  return ({ data, dims }: EngineTensor & { data: string[] }) => {
    if (dims.length === 0 || dims.length > 2) {
      throw new Error(`Tokenizer: the input is [${dims.join(', ')}]; expected [C] or [N, C]`);
    }
    const rows = data.map(text => {
      const tokens = split(text).filter(token => [...token].length >= leastCharacters);
      return marks ? [startOfText, ...tokens, endOfText] : tokens;
    });
    const width = rows.reduce((most, tokens) => Math.max(most, tokens.length), 0);
    countElements('Tokenizer', [data.length, width]);
    const out = rows.flatMap(tokens => [
      ...tokens,
      ...new Array<string>(width - tokens.length).fill(padding),
    ]);
    return [new EngineTensor('string', out, [...dims, width])];
  };
};

function tokensBy(expression: string): (text: string) => string[] {
  // An expression of a single dot means one token per character; this is the fastest way.
  if (expression === '.') {
    return text => [...text].filter(character => character !== '\n');
  }
  const pattern = new RegExp(expression, 'gu');
  return text => text.match(pattern)?.filter(token => token !== '') ?? [];
}

/** Splits by each separator in turn, each time dividing the parts that the previous ones left. */
function tokensBetween(separators: string[]): (text: string) => string[] {
  if (separators.length === 1 && separators[0] === '') {
    return text => [...text];
  }
  const patterns = separators.map(separator => new RegExp(separator, 'gu'));
  return text =>
    patterns
      .reduce((parts, pattern) => parts.flatMap(part => part.split(pattern)), [text])
      .filter(part => part !== '');
}
