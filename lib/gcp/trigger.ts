import type { protos } from '@google-cloud/functions';
import { ColdpressError } from '../errors.ts';
import type { ResolvedPlace } from './place.ts';

/** What invokes the function. */
export type Trigger = { kind: 'http' } | { kind: 'pubsub'; topic: string } | { kind: 'gcs'; bucket: string };

type EventTrigger = protos.google.cloud.functions.v2.IEventTrigger;

/** https://cloud.google.com/eventarc/docs/cloudevents */
const eventTypes = {
  pubsub: 'google.cloud.pubsub.topic.v1.messagePublished',
  gcs: 'google.cloud.storage.object.v1.finalized',
} as const;

/** @throws ColdpressError OPTION_INVALID */
export function parseTrigger(text: string): Trigger {
  const [kind, name = ''] = text.split(/:(.*)/s);
  if (kind === 'http' && name === '') {
    return { kind };
  }
  if (kind === 'pubsub' && /^[A-Za-z][\w.~+%-]{2,254}$/.test(name)) {
    return { kind, topic: name };
  }
  if (kind === 'gcs' && /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name)) {
    return { kind, bucket: name };
  }
  throw new ColdpressError('OPTION_INVALID', `--trigger is ${text}`, {
    hint: 'one of: http, pubsub:TOPIC, gcs:BUCKET',
  });
}

/** Failed events are delivered again, which the sinks rely on. */
export function toEventTrigger(
  trigger: Trigger,
  { project, region }: ResolvedPlace,
): EventTrigger | undefined {
  const common = { triggerRegion: region, retryPolicy: 'RETRY_POLICY_RETRY' } as const;
  switch (trigger.kind) {
    case 'http':
      return undefined;
    case 'pubsub':
      return {
        ...common,
        eventType: eventTypes.pubsub,
        pubsubTopic: `projects/${project}/topics/${trigger.topic}`,
      };
    case 'gcs':
      return {
        ...common,
        eventType: eventTypes.gcs,
        eventFilters: [{ attribute: 'bucket', value: trigger.bucket }],
      };
  }
}

/** Formats a trigger like `--trigger`; one that no flag can create is shown by its event type. */
export function showTrigger(trigger: EventTrigger | null | undefined): string {
  if (!trigger?.eventType) {
    return 'http';
  }
  switch (trigger.eventType) {
    case eventTypes.pubsub:
      return `pubsub:${trigger.pubsubTopic?.split('/').at(-1)}`;
    case eventTypes.gcs:
      return `gcs:${trigger.eventFilters?.find(({ attribute }) => attribute === 'bucket')?.value}`;
    default:
      return trigger.eventType;
  }
}
