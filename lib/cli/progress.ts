import yoctoSpinner from 'yocto-spinner';

/** Shows the steps of a long task on stderr, where that is a terminal. */
export async function withProgress<T>(task: (onProgress: (step: string) => void) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) {
    return task(() => {});
  }
  const spinner = yoctoSpinner({ stream: process.stderr }).start();
  try {
    return await task(step => {
      spinner.text = step;
    });
  } finally {
    spinner.stop();
  }
}
