import type { Graph, Program } from '../../contract/program.ts';

/** Returns the names of the kernels that a program uses, without duplicates, sorted. */
export function usedKernels({ graph }: Program): string[] {
  return [...new Set(kernelsOf(graph))].sort();
}

function kernelsOf({ steps }: Graph): string[] {
  return steps.flatMap(({ kernel, parameters }) => [
    kernel,
    ...Object.values(parameters).flatMap(parameter =>
      typeof parameter === 'object' && parameter !== null && 'graph' in parameter
        ? kernelsOf(parameter.graph)
        : [],
    ),
  ]);
}
