import type { AttributeValue } from 'aws-lambda';
import { isObject } from '../../contract/is-object.ts';

/** A record as a DynamoDB item. */
export function toAttributes(record: unknown): Record<string, AttributeValue> {
  const fields = isObject(record) ? record : { value: record };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toAttribute(value)]));
}

function toAttribute(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'number':
      return { N: String(value) };
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    default:
      return Array.isArray(value)
        ? { L: value.map(toAttribute) }
        : isObject(value)
          ? { M: toAttributes(value) }
          : { NULL: true };
  }
}
