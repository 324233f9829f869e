import type { OperationInput, OperationName, OperationOutput } from '@shared/contract'
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CallError, call, toCallError } from './client'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 2 && error instanceof CallError && error.data.retryable,
      staleTime: 10_000,
      // The engine is on this machine: being offline says nothing about it.
      networkMode: 'always',
      refetchOnWindowFocus: false,
    },
    // What was typed in a form, such as a password, is forgotten with it.
    mutations: { retry: false, networkMode: 'always', gcTime: 0 },
  },
})

export interface OpOptions {
  enabled?: boolean
  staleTime?: number
  refetchInterval?: number
  /** Keep what was shown while another input loads. */
  keep?: boolean
}

/** Reads an operation and keeps it under [operation, input]. */
export function useOp<N extends OperationName>(op: N, input: OperationInput<N>, options: OpOptions = {}) {
  const { keep, ...rest } = options
  return useQuery<OperationOutput<N>, CallError>({
    queryKey: [op, input],
    queryFn: ({ signal }) => call(op, input, signal),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    ...rest,
  })
}

/** Runs an operation that changes something, then makes stale what it names. */
export function useCommand<N extends OperationName>(op: N, invalidates: OperationName[] = []) {
  const client = useQueryClient()
  return useMutation<OperationOutput<N>, CallError, OperationInput<N>>({
    mutationFn: async (input) => {
      try {
        return await call(op, input)
      } catch (error) {
        throw toCallError(error)
      }
    },
    onSuccess: () => {
      for (const name of invalidates) void client.invalidateQueries({ queryKey: [name] })
    },
  })
}
