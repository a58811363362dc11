import { eventFunction } from '../lib/runtime/platform/gcf-event.ts';
import { fn, observe } from './gcf-function.ts';

/** The function of the signature type `cloudevent`. */
export const event = eventFunction(fn, { observe, env: process.env });
