import { eventFunction } from '../lib/runtime/platform/gcf-event.ts';
import { weighEvents } from '../lib/runtime/platform/gcf-event-body.ts';
import { fn, observe } from './gcf-function.ts';

weighEvents(fn.model.manifest.http.limits, process);

/** The function with signature type `cloudevent`. */
export const event = eventFunction(fn, { observe, env: process.env });
