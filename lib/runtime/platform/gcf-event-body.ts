import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { LimitSettings } from '../../contract/settings.ts';
import { RequestError } from '../errors.ts';
import { inflate } from '../http/inflate.ts';
import { parseJson } from '../http/json-limits.ts';
import { plainServer } from '../http/platform.ts';
import { bodyText } from '../http/read-body.ts';
import { refuse } from '../http/respond.ts';
import { openHold } from './hold-bodies.ts';
import { isForEvents } from './signature-type.ts';
import { holdOrRefuse, takeBody } from './take-body.ts';
import { writeResponse } from './write-response.ts';

/** The depth of a CloudEvent and of its message, which the limit does not include. */
const envelopeDepth = 8;
/** The media types that the framework parses as JSON. */
const jsonType = /^\s*application\/(cloudevents\+)?json\s*(;|$)/i;

/**
 * Weighs and parses the JSON of events before the framework does: it would accept 1 GiB, and parse it unchecked. The
 * framework leaves a body alone that is already read and parsed.
 */
export function weighEvents(limits: LimitSettings, process: Pick<NodeJS.Process, 'env' | 'argv'>): void {
  if (!isForEvents(process)) {
    return;
  }
  const known = new WeakSet<Server>();
  // This channel is notified before the server emits the request.
  channel('http.server.request.start').subscribe(message => {
    const { server } = message as { server: Server };
    if (known.has(server)) {
      return;
    }
    known.add(server);
    const listeners = server.listeners('request');
    server.removeAllListeners('request');
    server.on('request', async (request, response) => {
      if (
        !jsonType.test(request.headers['content-type'] ?? '') ||
        (await readJson(request, response, limits))
      ) {
        for (const listen of listeners) {
          listen.call(server, request, response);
        }
      }
    });
  });
}

/** @returns whether the body was read; otherwise the request is already answered */
async function readJson(
  request: IncomingMessage & { body?: unknown; rawBody?: Buffer },
  response: ServerResponse,
  { depth, values }: LimitSettings,
): Promise<boolean> {
  const hold = openHold();
  response.once('close', hold.release);
  try {
    // The largest event that a service sends must pass, whatever the limit for callers is.
    const limits = { bodyBytes: plainServer.maxRequestBytes, platform: plainServer };
    const taken = await takeBody(request, { limits, hold });
    if (taken.refusal !== undefined) {
      await writeResponse(taken.refusal, response, { isLast: false });
      return false;
    }
    const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
    let { bytes } = taken;
    if (encoding !== 'identity') {
      bytes = await inflate(bytes, encoding, limits.bodyBytes);
      holdOrRefuse(hold)(bytes.length);
    }
    request.rawBody = bytes;
    // Records in it are checked one by one later, so that an invalid one does not fail the others.
    const weighed = { depth: depth + envelopeDepth, values, stringLength: Number.POSITIVE_INFINITY };
    request.body = bytes.length === 0 ? {} : await parseJson(bodyText(bytes), weighed, () => {});
    return true;
  } catch (error) {
    if (error instanceof RequestError) {
      await writeResponse(refuse(error.status, error.message), response, { isLast: false });
    } else {
      // The client disconnected while it sent its body.
      response.destroy();
    }
    return false;
  }
}
