/** Characters that a terminal or an editor obeys, or does not show: controls, and what turns the direction of text. */
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * A text from elsewhere, as the name of a tensor, for a person to read: what could move the cursor, fill the clipboard
 * or turn the line around is spelled as JSON and JavaScript spell it.
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
