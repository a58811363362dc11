/** Shortens each SHA-256 in a text to its first 12 digits. */
export function shortHash(text: string): string {
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');
}
