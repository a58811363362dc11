/** One command as a shell takes it, over several lines. */
export function formatCommand(words: string[]): string {
  return words.map(quote).join(' ').replaceAll(/ (--)/g, ' \\\n  $1');
}

/** One word, as a shell takes it: in double quotes where they do, which the shells of Windows know too. */
export function quote(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) {
    return word;
  }
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}
