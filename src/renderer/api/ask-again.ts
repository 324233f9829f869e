import type { QueryClient, QueryKey } from '@tanstack/react-query'

/**
 * Asks again for what is shown under a key (all, without one). A first answer that is still on its way may be from before the change, and React
 * Query takes it for the new one: it is asked for once more when it has come.
 */
export function askAgain(client: QueryClient, queryKey?: QueryKey): void {
  const filters = queryKey ? { queryKey } : {}
  const first = client
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: 'fetching' })
    .filter(({ state }) => state.data === undefined)
  void client.invalidateQueries(filters)
  for (const query of first) {
    const again = () => void client.invalidateQueries({ queryKey: query.queryKey, exact: true })
    query.promise?.then(again, again)
  }
}
