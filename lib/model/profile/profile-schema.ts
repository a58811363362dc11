import * as v from 'valibot';
import { MOST_CATEGORIES } from '../../contract/profile.ts';
import { explainIssue } from '../../schema-issue.ts';

/* What a profile contains, for files that were edited, cut or merged. */

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** More have no letter in a line of telemetry. */
const counts = v.pipe(v.array(count), v.maxLength(MOST_CATEGORIES));

const base = {
  name: v.string(),
  tensor: v.string(),
  place: v.union([v.object({ element: count }), v.object({ projection: count })]),
  datatype: v.string(),
  rows: count,
  missing: count,
};

const numberColumn = v.pipe(
  v.object({
    ...base,
    kind: v.literal('number'),
    range: v.nullable(v.tuple([v.number(), v.number()])),
    edges: v.array(v.number()),
    counts,
    below: v.optional(count),
    above: v.optional(count),
  }),
  v.check(({ edges, counts }) => counts.length === edges.length + 1, 'it needs one count more than edges'),
  v.check(
    ({ edges }) => edges.every((edge, index) => index === 0 || edges[index - 1]! < edge),
    'its edges are not in ascending order',
  ),
);

const categoryColumn = v.pipe(
  v.object({
    ...base,
    kind: v.literal('category'),
    categories: v.array(v.string()),
    isBoolean: v.optional(v.literal(true)),
    counts,
    other: count,
  }),
  v.check(
    ({ categories, counts }) => counts.length === categories.length,
    'it needs as many counts as categories',
  ),
);

const column = v.variant('kind', [numberColumn, categoryColumn]);

const profile = v.object({
  id: v.string(),
  model: v.object({ name: v.string(), sha256: v.string() }),
  rows: count,
  features: v.array(column),
  outputs: v.array(column),
  target: v.optional(column),
});

/** @throws Error that names the first part that is wrong */
export function checkProfile(value: unknown): void {
  const { issues } = v.safeParse(profile, value, { abortEarly: true });
  if (issues !== undefined) {
    throw new Error(explainIssue(issues[0]));
  }
}
