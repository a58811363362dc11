import type { v2 } from '@google-cloud/run';
import { servicePath } from './function-resource.ts';
import type { ResolvedPlace } from './place.ts';

const role = 'roles/run.invoker';

/** The member of a function that everyone may call. */
export const everyone = 'allUsers';

/** Adds the permission to call the function to its policy, which is otherwise unchanged. */
export async function allowInvoker(
  services: v2.ServicesClient,
  place: ResolvedPlace,
  member: string,
): Promise<void> {
  const resource = servicePath(place);
  const [policy] = await services.getIamPolicy({ resource });
  const bindings = policy.bindings ?? [];
  const own = bindings.find(binding => binding.role === role);
  if (own?.members?.includes(member)) {
    return;
  }
  const members = [...(own?.members ?? []), member];
  const changed = [...bindings.filter(binding => binding !== own), { ...own, role, members }];
  // Sent with its etag, so that a concurrent change is not overwritten.
  await services.setIamPolicy({ resource, policy: { ...policy, bindings: changed } });
}
