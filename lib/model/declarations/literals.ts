import { printable } from '../../printable.ts';

/** Returns the TypeScript literal type of a value. */
export function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : quote(value);
}

/** Quotes a name for use as a property; the names in a model may be any text. */
export function key(name: string): string {
  // As a plain key of an object literal, this name would set the prototype.
  if (name === '__proto__') {
    return "['__proto__']";
  }
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

/** Quotes with single quotes, or with double quotes if that saves escapes. */
function quote(text: string): string {
  const double = printable(JSON.stringify(text));
  return text.includes("'") ? double : `'${double.slice(1, -1).replaceAll('\\"', '"')}'`;
}
