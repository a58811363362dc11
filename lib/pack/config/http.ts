import * as v from 'valibot';
import { defaultCors, defaultSettings } from '../../contract/defaults.ts';
import type { HttpSettings } from '../../contract/settings.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const token = v.pipe(v.string(), v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a name of HTTP'));
const origin = v.pipe(
  v.string(),
  v.regex(/^(\*|https?:\/\/[^/\s]+)$/, 'an origin: https://host[:port], or *'),
);

/** How the function answers HTTP; docs/http.md. */
export const httpSchema = v.strictObject({
  /** Run one inference in INIT, so that no request pays for the first. Default: `false`. */
  warmUp: v.exactOptional(v.boolean()),
  /** Answer `GET /` with a page that documents the endpoint. Default: only under `coldpress serve`. */
  docs: v.exactOptional(v.boolean()),
  /**
   * On AWS Lambda, stream answers to Function URLs of invoke mode RESPONSE_STREAM and REST APIs of transfer mode STREAM,
   * which carry 200 MB in place of 6. Default: `false`.
   */
  streaming: v.exactOptional(v.boolean()),
  /**
   * What the platform leaves before the function's own paths: a load balancer's rule, an API mapping without routes.
   * Paths that do not begin with it are answered, too. Default: nothing.
   */
  basePath: v.exactOptional(
    v.pipe(v.string(), v.regex(/^(\/[^/?#%\s]+)+$/, 'a path: begins with / and does not end with it')),
  ),
  /** Pages of other origins that may call. Default: none. Do not configure it at the Function URL too. */
  cors: v.exactOptional(
    v.strictObject({
      /** `https://host`, or `*` for all; never with credentials. */
      origins: v.pipe(v.array(origin), v.minLength(1)),
      /** Headers that a page may send. Default: `content-type`. */
      headers: v.exactOptional(v.array(token)),
      /** Default: those of the path. */
      methods: v.exactOptional(v.array(token)),
      /** Seconds that a browser remembers the answer for. Default: the browser's. */
      maxAge: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
  ),
  limits: v.exactOptional(
    v.strictObject({
      /** Of a body, inflated. Default: a 24th of V8's heap, at least 1 MiB, and no more than the platform's own limit. */
      bodyBytes: v.exactOptional(count),
      /** Records, or the first dimension of a tensor. Default: 10,000. */
      batch: v.exactOptional(count),
      /** Arrays and objects within one another. Default: 32. */
      depth: v.exactOptional(v.pipe(count, v.maxValue(1000))),
      /** Values of JSON, cells of CSV; an array, object or row counts as 4, a new string as 16. Default: 2,097,152. */
      values: v.exactOptional(count),
      /** Characters of one string. Default: 8,388,608. */
      stringLength: v.exactOptional(count),
      /** Of the largest tensor that the model makes. Default: a 24th of the bytes that V8's heap may take. */
      elements: v.exactOptional(count),
    }),
  ),
});

export function resolveHttp({ cors, limits, ...http }: v.InferOutput<typeof httpSchema> = {}): HttpSettings {
  const defaults = defaultSettings.http;
  return {
    ...defaults,
    ...http,
    cors: cors === undefined ? defaults.cors : { ...defaultCors, ...cors },
    limits: { ...defaults.limits, ...limits },
  };
}
