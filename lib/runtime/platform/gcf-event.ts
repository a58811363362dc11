import { RequestError } from '../errors.ts';
import type { ColdpressFunction } from '../function.ts';
import type { CloudEvent } from '../sources/cloud-event.ts';
import { googleSources } from '../sources/google.ts';
import type { Observe } from '../telemetry/observe.ts';
import { show } from '../tensor/show.ts';
import { cloudEventInvocation } from './invocation.ts';

/** Takes a single parameter: the functions framework would pass a callback to a function with two. */
export type EventFunction = (event: unknown) => Promise<void>;

/** Handles CloudEvents from the functions framework, which answers a throw with 500 to have the event redelivered. */
export function eventFunction(
  fn: ColdpressFunction,
  { observe, env }: { observe: Observe; env: NodeJS.ProcessEnv },
): EventFunction {
  return async received => {
    const event = checkCloudEvent(received);
    const invocation = cloudEventInvocation(event, { env, now: Date.now });
    // The last source matches every event.
    const source = googleSources.find(candidate => candidate.matches(event))!;
    await observe(invocation, source.name, { event, run: () => source.handle(event, fn, invocation) });
  };
}

const required = ['specversion', 'id', 'source', 'type'] as const;

/**
 * Checks an event, because the framework passes any body in which it finds no CloudEvent: a batch of events, or one
 * that lacks an attribute. https://github.com/cloudevents/spec/blob/main/cloudevents/spec.md#required-attributes
 * @throws RequestError 400
 */
function checkCloudEvent(received: unknown): CloudEvent {
  const attributes =
    typeof received === 'object' && received !== null ? (received as Record<string, unknown>) : {};
  const missing = required.filter(name => typeof attributes[name] !== 'string' || attributes[name] === '');
  if (missing.length > 0) {
    throw new RequestError(400, 'CLOUD_EVENT', `not a CloudEvent: missing ${missing.join(', ')}`);
  }
  if (attributes.specversion !== '1.0') {
    const version = show(attributes.specversion);
    throw new RequestError(400, 'CLOUD_EVENT', `the CloudEvent has specversion ${version}; expected "1.0"`);
  }
  return attributes as unknown as CloudEvent;
}
