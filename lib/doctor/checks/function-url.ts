import { type Checked, nothing } from '../checked.ts';
import { findingOf } from '../pain.ts';
import { pains } from '../pains/index.ts';

/**
 * A Function URL and the permissions of its callers, described by any tool. A value that is known only after deployment
 * is `undefined`.
 */
export interface FunctionUrl {
  where: string;
  authType: string | undefined;
  /** Permissions of its function. */
  permissions: { action: string | undefined; isForAll: boolean }[];
  /** The actions that the tool itself grants if the URL is public. */
  impliedActions: readonly string[];
  /** How to fix it with that tool. */
  fix: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html: both are required since October 2025. */
export const urlActions = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] as const;

/** A permission for one of the two actions requires the other, and a public URL requires permissions. */
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
  // With IAM, the callers' own policies may grant both; a permission for only one is a mistake.
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
