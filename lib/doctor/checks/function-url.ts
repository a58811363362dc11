import { type Checked, nothing } from '../checked.ts';
import { findingOf } from '../pain.ts';
import { pains } from '../pains/index.ts';

/** A Function URL and what is granted to its callers, whatever tool describes it. A value that only a deployment knows is `undefined`. */
export interface FunctionUrl {
  where: string;
  authType: string | undefined;
  /** Of its function's permissions. */
  permissions: { action: string | undefined; isForAll: boolean }[];
  /** What the tool itself grants where the URL is public. */
  impliedActions: readonly string[];
  /** How it is mended with that tool. */
  fix: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html: both, since October 2025. */
export const urlActions = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] as const;

/** Whoever is allowed one of the two actions by a permission needs the other; and a public URL needs permissions. */
export function checkFunctionUrl({
  where,
  authType,
  permissions,
  impliedActions,
  fix,
}: FunctionUrl): Checked {
  const isPublic = authType === 'NONE';
  const counted = permissions.filter(({ isForAll }) => !isPublic || isForAll);
  const granted = [...counted.map(({ action }) => action), ...(isPublic ? impliedActions : [])];
  const missing = urlActions.filter(
    action => ![action, 'lambda:*', '*'].some(name => granted.includes(name)),
  );
  // With IAM, the callers' own policies may hold all of it; half of it in a permission is a mistake.
  if (missing.length === 0 || (!isPublic && !granted.includes(urlActions[0]))) {
    return authType === undefined && missing.length > 0
      ? unknown(where, 'its type of authorization')
      : nothing;
  }
  if (granted.includes(undefined)) {
    return unknown(where, 'the action of a permission');
  }
  const pain = pains.find(({ id }) => id === 'function-url-forbidden')!;
  const { command: _, ...finding } = findingOf(pain, where, `no permission for ${missing.join(' and ')}`);
  return { findings: [{ ...finding, fix, link: 'docs/doctor.md#function-urls' }], notChecked: [] };
}

function unknown(where: string, value: string): Checked {
  const why = `${value} is known only when it is deployed`;
  return { findings: [], notChecked: [{ where, what: 'permissions of the Function URL', why }] };
}
