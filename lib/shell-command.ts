/** A command for a shell, with each option on a line of its own. */
export function formatCommand(words: string[]): string {
  return words.map(word => (word.startsWith('--') ? `\\\n  ${quote(word)}` : quote(word))).join(' ');
}

/** The same on one line. */
export function formatLine(words: string[]): string {
  return words.map(quote).join(' ');
}

/** Quotes a word for a shell, if possible with double quotes, which Windows shells also accept. */
export function quote(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) {
    return word;
  }
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}
