/** An error in the format of the Runtime API, which the function's caller receives. */
export interface FormattedError {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

export function formatError(error: unknown): FormattedError {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}
