import type { v2 } from '@google-cloud/run';
import { servicePath } from './function-resource.ts';
import type { ResolvedPlace } from './place.ts';

const role = 'roles/run.invoker';
const everyone = 'allUsers';

/** Lets everyone call the function, in a policy that is otherwise as it was. */
export async function allowEveryone(services: v2.ServicesClient, place: ResolvedPlace): Promise<void> {
  const resource = servicePath(place);
  const [policy] = await services.getIamPolicy({ resource });
  const bindings = policy.bindings ?? [];
  const own = bindings.find(binding => binding.role === role);
  if (own?.members?.includes(everyone)) {
    return;
  }
  const members = [...(own?.members ?? []), everyone];
  const changed = [...bindings.filter(binding => binding !== own), { ...own, role, members }];
  // With its etag, so that a change of somebody else is not undone.
  await services.setIamPolicy({ resource, policy: { ...policy, bindings: changed } });
}
