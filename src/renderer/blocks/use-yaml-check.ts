import { useDebouncedValue } from '@mantine/hooks'
import type { OperationOutput } from '@shared/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { type CallError, call } from '../api/client'
import { useOp } from '../api/hooks'
import { type EditorKnowledge, YAML_KEYS } from '../ui/editor/language'

type Check = OperationOutput<'yaml.check'>

/** The engine's word on a YAML as it is written, a moment after the last key. */
export function useYamlCheck(text: string | undefined, wait = 300) {
  const [settled] = useDebouncedValue(text, wait)
  const query = useQuery<Check, CallError>({
    queryKey: ['yaml.check', settled],
    queryFn: ({ signal }) => call('yaml.check', { text: settled ?? '' }, signal),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
    // A text always means the same; what was checked is not kept once it is left.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
  })
  /** The last outline that could be read: completion goes on working while a line is half written. */
  const outline = useRef<Check['outline']>(null)
  if (query.data?.outline) outline.current = query.data.outline
  const current = settled === text && !query.isPlaceholderData
  return { check: query.data, current, error: query.error, outline: outline.current, retry: query.refetch }
}

/** What completion and hover know: columns and catalogs of the outline, functions of the rule language. */
export function useKnowledge(
  outline: Check['outline'],
  kind: 'yaml' | 'rule',
  catalog?: string,
): EditorKnowledge {
  const language = useOp('rules.language', {}, { staleTime: Number.POSITIVE_INFINITY })
  const entries = language.data?.entries
  return useMemo(() => {
    const catalogs = outline?.catalogs ?? []
    const wanted = catalog ? catalogs.filter((item) => item.id === catalog) : catalogs
    const columns = wanted.flatMap((item) => item.fields.map((field) => field.name))
    return {
      columns: () => columns,
      catalogs: () => (catalog ? [] : catalogs.map((item) => item.id)),
      entries: () => entries ?? [],
      keys: kind === 'yaml' ? YAML_KEYS : [],
    }
  }, [outline, entries, kind, catalog])
}
