/** One command as a shell takes it, over several lines. */
export function formatCommand(words: string[]): string {
  return words.map(quote).join(' ').replaceAll(/ (--)/g, ' \\\n  $1');
}

/** One word, as a shell takes it. */
export function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
