// @ts-check
/**
 * Loaded before the functions framework, which listens on every interface of the machine: here nobody but coldpress,
 * on this machine, reaches the function, whatever it listens on.
 */
const { Server } = require('node:net');

const { listen } = Server.prototype;
const address = '127.0.0.1';

/** @this {import('node:net').Server} @param {any[]} args */
Server.prototype.listen = function (...args) {
  const [first, second, ...rest] = args;
  if (typeof first === 'object' && first !== null) {
    const isPort = first.port !== undefined && first.path === undefined;
    return listen.call(this, isPort ? { ...first, host: address } : first, ...args.slice(1));
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) {
    // A socket file.
    return listen.call(this, ...args);
  }
  const [port, ...others] = typeof first === 'function' ? [0, ...args] : [first ?? 0, second, ...rest];
  return listen.call(this, port, address, ...(typeof others[0] === 'string' ? others.slice(1) : others));
};
