import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  /** Texts that tokens lie between, in the order in which they are tried; or `null`, where tokens are told. */
  separators: string[] | null;
  /** Matches a token. */
  expression: string | null;
  /** Fills up short rows. */
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
  // One character a token is what an expression of one dot says, and the quickest.
  if (expression === '.') {
    return text => [...text].filter(character => character !== '\n');
  }
  const pattern = new RegExp(expression, 'gu');
  return text => text.match(pattern)?.filter(token => token !== '') ?? [];
}

/** By each separator in its turn, what lies between those before. */
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
