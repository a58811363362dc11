import type { StandardSchemaV1 } from '@standard-schema/spec';
import { plainIssue } from '../../contract/issue-words.ts';

/** The user's schema, with the default messages of its library in plain words: clients do not know the library. */
export function plainSchema<Row>(schema: StandardSchemaV1<unknown, Row>): StandardSchemaV1<unknown, Row> {
  const standard = schema['~standard'];
  return {
    '~standard': {
      ...standard,
      validate(value) {
        const checked = standard.validate(value);
        return checked instanceof Promise ? checked.then(inPlainWords) : inPlainWords(checked);
      },
    },
  };
}

function inPlainWords<Row>(checked: StandardSchemaV1.Result<Row>): StandardSchemaV1.Result<Row> {
  return checked.issues === undefined
    ? checked
    : {
        issues: checked.issues.map(({ message, path }) => ({
          message: plainIssue(message),
          ...(path && { path }),
        })),
      };
}
