import { printable } from '../../printable.ts';

/** A value as a type of TypeScript that only it has. */
export function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : quote(value);
}

/** A name as a property's; the names of a model may be any text. */
export function key(name: string): string {
  // In an object's literal, that name alone would set the prototype.
  if (name === '__proto__') {
    return "['__proto__']";
  }
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

/** Single-quoted, but double where that saves escapes. */
function quote(text: string): string {
  const double = printable(JSON.stringify(text));
  return text.includes("'") ? double : `'${double.slice(1, -1).replaceAll('\\"', '"')}'`;
}
