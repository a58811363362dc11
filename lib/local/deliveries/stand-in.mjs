// @ts-check
/**
 * Replaces the modules of sinks and of the object store in a function that runs locally. Deliveries become lines of the
 * log, and an object that is read contains the records of the samples.
 */
import { readFileSync, writeSync } from 'node:fs';

/** @type {{ records: Record<string, unknown>[], store: string }} */
const { records, store } = JSON.parse(
  readFileSync(new URL('./coldpress-stand-in.json', import.meta.url), 'utf8'),
);

/** @param {object} delivery */
function report(delivery) {
  writeSync(1, `${JSON.stringify({ coldpress: 'delivery', ...delivery })}\n`);
}

/** @param {string | { env: string }} setting @param {NodeJS.ProcessEnv} env */
function resolved(setting, env) {
  return typeof setting === 'string' ? setting : (env[setting.env] ?? `$${setting.env}`);
}

/** @param {any} settings @param {{ purpose: string, env: NodeJS.ProcessEnv }} scope */
export function openSink(settings, { purpose, env }) {
  const { type, queueUrl, topicArn, bus, bucket, table, topic, url } = settings;
  const to = `${type} ${resolved(queueUrl ?? topicArn ?? bus ?? bucket ?? table ?? topic ?? url, env)}`;
  return {
    /** @param {{ body: object }[]} entries */
    async send(entries) {
      for (const { body } of entries) {
        report({ purpose, to, body });
      }
      return entries.map(() => undefined);
    },
  };
}

export function openStore() {
  return {
    /** @param {{ key: string }} object */
    async open({ key }) {
      const bytes = Buffer.from(contentsOf(key));
      return {
        sizeBytes: bytes.length,
        metadata: {},
        async *stream() {
          yield bytes;
        },
        range: async (/** @type {number} */ start, /** @type {number} */ end) => bytes.subarray(start, end),
      };
    },
    /** @param {{ bucket: string, key: string }} target */
    async create({ bucket, key }) {
      /** @type {Uint8Array[]} */
      const parts = [];
      return {
        write: async (/** @type {Uint8Array} */ bytes) => void parts.push(bytes),
        complete: async () =>
          report({
            purpose: 'results',
            to: `${store} ${bucket}/${key}`,
            body: Buffer.concat(parts).toString(),
          }),
        abort: async () => {},
      };
    },
  };
}

/** @param {string} key */
function contentsOf(key) {
  if (key.endsWith('.json')) {
    return JSON.stringify(records);
  }
  return key.endsWith('.csv')
    ? [Object.keys(records[0] ?? {}), ...records.map(record => Object.values(record))].map(toLine).join('')
    : records.map(record => `${JSON.stringify(record)}\n`).join('');
}

/** @param {unknown[]} values */
function toLine(values) {
  const cells = values.map(value => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(',')}\n`;
}
