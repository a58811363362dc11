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
  if (settings.type === 'log') {
    return logSink(scope);
  }
  const { openSink } = await loadChunk<SinkModule>(`sinks/${settings.type}`);
  return openSink(settings as never, scope);
}

/** The module of each type of sink except `log`. */
interface SinkModule {
  /** @param settings - those of the module's own type */
  openSink(settings: never, scope: SinkScope): Sink;
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
