import { distance } from 'fastest-levenshtein';

/** Names that others give to our choices. Their spelling is nearer to a wrong choice: amd64 to arm64. */
const synonyms: Record<string, string> = {
  amd64: 'x64',
  x86_64: 'x64',
  'x86-64': 'x64',
  x86: 'x64',
  aarch64: 'arm64',
};

/** The candidate that a misspelled word probably means; `undefined` if none is similar. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const synonym = synonyms[word.toLowerCase()];
  if (synonym !== undefined && candidates.includes(synonym)) {
    return synonym;
  }
  const costs = candidates.map(name => ({ name, cost: distance(word.toLowerCase(), name.toLowerCase()) }));
  const best = costs.reduce((least, next) => (next.cost < least.cost ? next : least), {
    name: '',
    cost: Number.POSITIVE_INFINITY,
  });
  return best.cost <= Math.max(2, word.length / 3) && best.cost < word.length ? best.name : undefined;
}

/** A hint for a word that is none of the choices: the nearest one, if there is one, and all of them. */
export function choicesHint(word: string, choices: readonly string[], listed = choices.join(', ')): string {
  const found = nearest(word, choices);
  return found === undefined ? `one of: ${listed}` : `Did you mean ${found}? One of: ${listed}`;
}
