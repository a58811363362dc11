import type { EventPattern, IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { SinkPurpose, SinkSettings } from '../../contract/settings.ts';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import type { SinkResource } from '../sinks/sinks.ts';

/** A sink of a function with the resource that it writes to. */
interface ConnectedSink {
  purpose: SinkPurpose;
  resource: SinkResource;
  /** `undefined` if the stack is not packed. */
  settings: SinkSettings | null | undefined;
}

/** Checks that a trigger does not read the queue, topic or table that the function's own sinks write to. */
export function checkSource(fn: OnnxFunction, id: string, source: SinkResource): void {
  refuse(
    fn,
    id,
    sinksOf(fn).find(({ resource }) => arnOf(resource) === arnOf(source)),
  );
}

/**
 * Checks that results and failures, as objects in the bucket of the trigger, do not invoke the function again.
 * @param keys - which keys invoke it; `excluded` is a prefix that does not, if there is no `prefix`
 */
export function checkBucket(
  fn: OnnxFunction,
  id: string,
  {
    bucket,
    ...keys
  }: { bucket: IBucket; prefix?: string | undefined; suffix?: string | undefined; excluded: string },
): void {
  const written = sinksOf(fn).find(
    ({ resource, settings }) =>
      settings?.type === 's3' && arnOf(resource) === bucket.bucketArn && invokes(settings.prefix, keys),
  );
  refuse(
    fn,
    id,
    written,
    'use a prefix for the trigger to which the sink does not write, or another bucket for the sink',
  );
}

/** Whether an object of a sink, `PREFIX…ID.json`, has a key that invokes the function. */
function invokes(
  written: string,
  {
    prefix,
    suffix = '',
    excluded,
  }: { prefix?: string | undefined; suffix?: string | undefined; excluded: string },
): boolean {
  const isBelow = prefix === undefined ? !written.startsWith(excluded) : written.startsWith(prefix);
  return isBelow && (suffix.endsWith('.json') || '.json'.endsWith(suffix));
}

/** Checks that the events that a sink puts on a bus do not match the pattern of a trigger of the same bus. */
export function checkBus(
  fn: OnnxFunction,
  id: string,
  { bus, pattern }: { bus: IEventBus | undefined; pattern: EventPattern },
): void {
  const accepts = (accepted: string[] | undefined, value: string) => accepted?.includes(value) ?? true;
  const sent = sinksOf(fn).find(
    ({ resource, settings }) =>
      settings?.type === 'eventbridge' &&
      isSameBus(resource as IEventBus, bus) &&
      accepts(pattern.source, settings.source) &&
      accepts(pattern.detailType, settings.detailType),
  );
  refuse(fn, id, sent, 'restrict the pattern to other sources, or use another bus for the sink');
}

function isSameBus(sink: IEventBus, bus: IEventBus | undefined): boolean {
  return bus === undefined ? sink.eventBusName === 'default' : sink.eventBusArn === bus.eventBusArn;
}

function sinksOf(fn: OnnxFunction): ConnectedSink[] {
  return (['results', 'failures'] as const).flatMap(purpose => {
    const resource = fn.sinks[purpose];
    return resource === undefined ? [] : [{ purpose, resource, settings: fn.manifest?.sinks[purpose] }];
  });
}

function arnOf(resource: SinkResource): string {
  const { queueArn, topicArn, tableArn, bucketArn, eventBusArn } = resource as unknown as Partial<
    Record<string, string>
  >;
  return (queueArn ?? topicArn ?? tableArn ?? bucketArn ?? eventBusArn)!;
}

function refuse(
  fn: OnnxFunction,
  id: string,
  sink: ConnectedSink | undefined,
  hint = `pass sinks.${sink?.purpose} a resource that does not trigger the function`,
): void {
  if (sink !== undefined) {
    throw errorAt(fn, id, {
      code: 'TRIGGER_LOOP',
      message: `the function's ${sink.purpose} go to the source that triggers it: each would invoke the function again`,
      hint,
    });
  }
}
