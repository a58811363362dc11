/** One command as a shell takes it, over several lines: each option begins one. */
export function formatCommand(words: string[]): string {
  return words.map(word => (word.startsWith('--') ? `\\\n  ${quote(word)}` : quote(word))).join(' ');
}

/** The same on one line. */
export function formatLine(words: string[]): string {
  return words.map(quote).join(' ');
}

/** One word, as a shell takes it: in double quotes where they do, which the shells of Windows know too. */
export function quote(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) {
    return word;
  }
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}
