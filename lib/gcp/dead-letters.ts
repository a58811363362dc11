import type { FunctionResource } from './function-resource.ts';
import type { ResolvedPlace } from './place.ts';
import type { Call } from './rest.ts';

/** Google's minimum: https://cloud.google.com/pubsub/docs/dead-letter-topics */
const maxDeliveryAttempts = 5;

interface Policy {
  etag?: string;
  bindings?: { role: string; members: string[] }[];
}

/**
 * Sends events that failed five times to a topic. A trigger reads its events from a subscription that Eventarc created;
 * Pub/Sub's own service account forwards them, and needs permission for it.
 */
export async function addDeadLetterTopic(
  call: Call,
  { eventTrigger }: FunctionResource,
  { project, topic }: Pick<ResolvedPlace, 'project'> & { topic: string },
): Promise<void> {
  const deadLetterTopic = topic.includes('/') ? topic : `projects/${project}/topics/${topic}`;
  const { transport } = await call<{ transport: { pubsub: { subscription: string } } }>(
    'GET',
    'eventarc',
    `v1/${eventTrigger!.trigger}`,
  );
  const { subscription } = transport.pubsub;
  await call('PATCH', 'pubsub', `v1/${subscription}?updateMask=deadLetterPolicy`, {
    subscription: { name: subscription, deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts } },
    updateMask: 'deadLetterPolicy',
  });
  const { projectNumber } = await call<{ projectNumber: string }>(
    'GET',
    'cloudresourcemanager',
    `v1/projects/${project}`,
  );
  const member = `serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
  await allow(call, deadLetterTopic, { role: 'roles/pubsub.publisher', member });
  await allow(call, subscription, { role: 'roles/pubsub.subscriber', member });
}

async function allow(
  call: Call,
  resource: string,
  { role, member }: { role: string; member: string },
): Promise<void> {
  const policy = await call<Policy>('GET', 'pubsub', `v1/${resource}:getIamPolicy`);
  const bindings = policy.bindings ?? [];
  if (bindings.some(binding => binding.role === role && binding.members.includes(member))) {
    return;
  }
  // Sent with its etag, so that a concurrent change is not overwritten.
  await call('POST', 'pubsub', `v1/${resource}:setIamPolicy`, {
    policy: { ...policy, bindings: [...bindings, { role, members: [member] }] },
  });
}
