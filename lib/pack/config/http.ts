import * as v from 'valibot';
import { defaultCors, defaultSettings } from '../../contract/defaults.ts';
import type { HttpSettings } from '../../contract/settings.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const token = v.pipe(v.string(), v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a name of HTTP'));
const origin = v.pipe(
  v.string(),
  v.regex(/^(\*|https?:\/\/[^/\s]+)$/, 'an origin: https://host[:port], or *'),
);

export const httpSchema = v.strictObject({
  /**
   * Runs one inference during INIT, so that no request waits for the first one.
   * @default false
   */
  warmUp: v.exactOptional(v.boolean()),
  /**
   * Answers `GET /` with a page that documents the endpoint.
   * @default only under `coldpress serve` and `coldpress dev`
   */
  docs: v.exactOptional(v.boolean()),
  /**
   * Streams answers on AWS Lambda, up to 200 MB instead of 6. The Function URL must have invoke mode `RESPONSE_STREAM`,
   * a REST API response transfer mode `STREAM`.
   * @default false
   */
  streaming: v.exactOptional(v.boolean()),
  /**
   * A prefix of request paths to ignore, for example that of a load balancer's rule. Paths without it are answered too.
   * @default none
   */
  basePath: v.exactOptional(
    v.pipe(v.string(), v.regex(/^(\/[^/?#%\s]+)+$/, 'a path: begins with / and does not end with it')),
  ),
  /**
   * Lets web pages of other origins call the function. Do not also configure CORS at the Function URL.
   * @default none may
   */
  cors: v.exactOptional(
    v.strictObject({
      /** Origins such as `https://host`, or `*` for all. Credentials are never allowed. */
      origins: v.pipe(v.array(origin), v.minLength(1)),
      /**
       * Request headers that a page may send.
       * @default ['content-type']
       */
      headers: v.exactOptional(v.array(token)),
      /**
       * Methods that a page may use.
       * @default those of the path
       */
      methods: v.exactOptional(v.array(token)),
      /**
       * Seconds for which a browser may keep the answer to a preflight request.
       * @default the browser's own
       */
      maxAge: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
  ),
  /**
   * The largest request that is accepted. A larger one is refused with status 413.
   * @default {}
   */
  limits: v.exactOptional(
    v.strictObject({
      /**
       * Bytes of a body after decompression. The platform's own limit applies too.
       * @default a 24th of V8's heap, at least 1 MiB
       */
      bodyBytes: v.exactOptional(count),
      /**
       * Records of a request, or the first dimension of a tensor.
       * @default 10000
       */
      batch: v.exactOptional(count),
      /**
       * Levels of nested arrays and objects, at most 1000.
       * @default 32
       */
      depth: v.exactOptional(v.pipe(count, v.maxValue(1000))),
      /**
       * JSON values or CSV cells. An array, object or row counts as 4, a string not seen before as 16.
       * @default 2097152
       */
      values: v.exactOptional(count),
      /**
       * Characters of one string.
       * @default 8388608
       */
      stringLength: v.exactOptional(count),
      /**
       * Elements of the largest tensor that the model computes; a string counts as 8.
       * @default a 24th of the bytes of V8's heap
       */
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
