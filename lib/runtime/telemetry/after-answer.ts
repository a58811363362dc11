/**
 * Calls `act` as soon as Lambda has an answer, or at once if that cannot be detected. Lambda's runtime client converts
 * the answer to JSON, sends it, and only then requests the next invocation, at which the instance is frozen, possibly
 * forever. A microtask queued during the conversion runs between the other two steps.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 * @param answer - the handler's return value
 */
export function afterAnswer(answer: unknown, act: () => void): void {
  if (typeof answer !== 'object' || answer === null || !Object.isExtensible(answer)) {
    act();
    return;
  }
  Object.defineProperty(answer, 'toJSON', {
    configurable: true,
    enumerable: false,
    value() {
      delete (answer as { toJSON?: unknown }).toJSON;
      queueMicrotask(act);
      return answer;
    },
  });
}
