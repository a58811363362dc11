/**
 * The field of a record that has an input's or a feature's value: called as that is, but for the one name that is lost
 * where a schema copies its fields by assignment.
 */
export function fieldName(name: string): string {
  return name === '__proto__' ? '__proto' : name;
}
