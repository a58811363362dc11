/** Whether the functions framework was started for events, by its environment variable or its argument. */
export function isForEvents({ env, argv }: Pick<NodeJS.Process, 'env' | 'argv'>): boolean {
  const signature = env.FUNCTION_SIGNATURE_TYPE ?? 'http';
  return signature !== 'http' || argv.some(argument => argument.includes('event'));
}
