import type { Setting, SinkSettings } from '../contract/settings.ts';
import { ColdpressError } from '../errors.ts';
import type { FunctionResource } from './function-resource.ts';
import type { DeployRequest } from './options.ts';

/**
 * Checks that no topic triggers the function and receives its results, failures or dead letters. Objects of a bucket are
 * no problem: the function skips those that a sink wrote.
 * @throws ColdpressError TRIGGER_LOOP
 */
export function checkLoops(
  { manifest, deadLetterTopic, project }: DeployRequest,
  resource: FunctionResource,
): void {
  const source = resource.eventTrigger?.pubsubTopic;
  if (!source) {
    return;
  }
  const env = resource.serviceConfig?.environmentVariables ?? {};
  const sinks = Object.entries(manifest.sinks).find(([, sink]) => topicOf(sink, env) === source);
  const fullName = deadLetterTopic?.includes('/')
    ? deadLetterTopic
    : `projects/${project}/topics/${deadLetterTopic}`;
  const receiver = sinks?.[0] ?? (fullName === source ? 'dead letters' : undefined);
  if (receiver !== undefined) {
    throw new ColdpressError(
      'TRIGGER_LOOP',
      `the function's ${receiver} go to ${source}, which triggers it: each would invoke the function again`,
      { hint: 'use another topic for one of them' },
    );
  }
}

function topicOf(sink: SinkSettings | null, env: Record<string, string>): string | undefined {
  return sink?.type === 'pubsub' ? resolved(sink.topic, env) : undefined;
}

function resolved(setting: Setting, env: Record<string, string>): string | undefined {
  return typeof setting === 'string' ? setting : env[setting.env];
}
