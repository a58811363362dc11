import { httpFunction, keepRequests } from '../lib/runtime/platform/gcf-http.ts';
import { drain, fn, observe } from './gcf-function.ts';

keepRequests(process);

/** The function with signature type `http`. */
export const http = httpFunction(fn, { observe, drain, env: process.env });
