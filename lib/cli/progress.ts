import yoctoSpinner from 'yocto-spinner';

/**
 * Shows the steps of a long task on stderr, if that is a terminal.
 * @param task - its second argument prints a permanent line, on any stderr
 */
export async function withProgress<T>(
  task: (onProgress: (step: string) => void, print: (line: string) => void) => Promise<T>,
): Promise<T> {
  const print = (line: string) => void process.stderr.write(`${line}\n`);
  if (!process.stderr.isTTY) {
    return task(() => {}, print);
  }
  const spinner = yoctoSpinner({ stream: process.stderr }).start();
  try {
    return await task(
      step => {
        spinner.text = step;
      },
      line => {
        spinner.clear();
        print(line);
      },
    );
  } finally {
    spinner.stop();
  }
}
