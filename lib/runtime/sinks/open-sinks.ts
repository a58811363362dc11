import type { Settings, SinkSettings } from '../../contract/settings.ts';
import { loadChunk } from '../platform/load-chunk.ts';
import { logSink } from './log.ts';
import type { Sink, SinkScope } from './sink.ts';

export interface Sinks {
  results?: Sink;
  failures?: Sink;
}

/** Opens the config's sinks. Nothing is loaded until something is sent. */
export function openSinks(
  { sinks, events }: Pick<Settings, 'sinks' | 'events'>,
  env: NodeJS.ProcessEnv,
): Sinks {
  const { results, failures } = sinks;
  return {
    ...(results !== null && { results: lazy(results, { purpose: 'results', env }) }),
    // The results of objects are stored as objects, so their function needs no other destination.
    ...(results === null && events.objects === null && { results: nowhere() }),
    ...(failures !== null && { failures: lazy(failures, { purpose: 'failures', env }) }),
  };
}

function lazy(settings: SinkSettings, scope: SinkScope): Sink {
  let opening: Promise<Sink> | undefined;
  return {
    async send(entries, deadline) {
      opening ??= open(settings, scope);
      return (await opening).send(entries, deadline);
    },
  };
}

async function open(settings: SinkSettings, scope: SinkScope): Promise<Sink> {
  switch (settings.type) {
    case 'sqs':
      return (await loadChunk<typeof import('./sqs.ts')>('sinks/sqs')).sqsSink(settings, scope);
    case 'sns':
      return (await loadChunk<typeof import('./sns.ts')>('sinks/sns')).snsSink(settings, scope);
    case 'eventbridge':
      return (await loadChunk<typeof import('./eventbridge.ts')>('sinks/eventbridge')).eventBridgeSink(
        settings,
        scope,
      );
    case 's3':
      return (await loadChunk<typeof import('./s3.ts')>('sinks/s3')).s3Sink(settings, scope);
    case 'dynamodb':
      return (await loadChunk<typeof import('./dynamodb.ts')>('sinks/dynamodb')).dynamoDbSink(
        settings,
        scope,
      );
    case 'pubsub':
      return (await loadChunk<typeof import('./pubsub.ts')>('sinks/pubsub')).pubSubSink(settings, scope);
    case 'gcs':
      return (await loadChunk<typeof import('./gcs.ts')>('sinks/gcs')).gcsSink(settings, scope);
    case 'webhook':
      return (await loadChunk<typeof import('./webhook.ts')>('sinks/webhook')).webhookSink(settings, scope);
    case 'log':
      return logSink(scope);
  }
}

function nowhere(): Sink {
  let warned = false;
  return {
    async send(entries) {
      if (!warned) {
        console.warn('results of events go nowhere: the config names no "sinks.results"');
        warned = true;
      }
      return entries.map(() => undefined);
    },
  };
}
