/** Characters that control a terminal or an editor, or are invisible, such as those that change the text direction. */
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * Makes foreign text, such as the name of a tensor, safe to display: characters that could move the cursor, fill the
 * clipboard or reverse the line are escaped as in JSON and JavaScript.
 */
export function printable(text: string): string {
  return text.replace(hidden, spell);
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.replace(hidden, character => (character === '\n' ? character : spell(character)));
}

function spell(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
