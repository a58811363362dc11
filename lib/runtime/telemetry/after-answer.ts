/**
 * Calls `act` as soon as Lambda has an answer, or at once if that cannot be detected. Lambda's runtime client converts
 * the answer to JSON, sends it, and only then requests the next invocation, at which the instance is frozen, possibly
 * forever. A microtask queued during the conversion runs between the other two steps. If a wrapper around the handler
 * sends a copy of the answer, which is not noticed, `act` is called soon.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 * @param answer - the handler's return value
 */
export function afterAnswer(answer: unknown, act: () => void): void {
  if (
    typeof answer !== 'object' ||
    answer === null ||
    !Object.isExtensible(answer) ||
    Object.hasOwn(answer, 'toJSON')
  ) {
    act();
    return;
  }
  const forget = () => Reflect.deleteProperty(answer, 'toJSON');
  // Immediates, because the first timer of a process takes 0.1 ms; two, because the client sends the answer in the first.
  let waiting = setImmediate(() => {
    waiting = setImmediate(() => {
      forget();
      act();
    });
  });
  Object.defineProperty(answer, 'toJSON', {
    configurable: true,
    enumerable: false,
    value(key: string) {
      clearImmediate(waiting);
      forget();
      queueMicrotask(act);
      // The answer may be an instance of a class that has its own.
      const { toJSON } = answer as { toJSON?: (key: string) => unknown };
      return toJSON === undefined ? answer : toJSON.call(answer, key);
    },
  });
}
