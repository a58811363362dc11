import { ColdpressError } from '../errors.ts';

/** What calls the function. */
export type Trigger = { kind: 'http' } | { kind: 'pubsub'; topic: string } | { kind: 'gcs'; bucket: string };

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
