/**
 * The record field for an input or a feature. It has the same name, except for the one that is lost when a schema
 * copies its fields by assignment.
 */
export function fieldName(name: string): string {
  return name === '__proto__' ? '__proto' : name;
}
