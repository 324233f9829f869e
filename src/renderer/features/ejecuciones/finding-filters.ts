import type { OperationInput } from '@shared/contract'
import { FINDING_SORT_VALUES, SEVERITY_VALUES } from '../../blocks/values'

export type FindingSort = (typeof FINDING_SORT_VALUES)[number]

/** What the grid of findings filters by, and the record that is open; every part of it stands in the URL. */
export interface FindingFilters {
  catalogo?: string | undefined
  /** Id of a check of the verdict: a rule of one catalog or package. */
  check?: number | undefined
  severidad?: (typeof SEVERITY_VALUES)[number] | undefined
  q?: string | undefined
  orden: FindingSort
  dir: 'asc' | 'desc'
  /** `catalog:record` of the record shown in its context. */
  registro?: { catalog: string; record: number } | undefined
}

function parseRecord(value: string | null): FindingFilters['registro'] {
  const match = value === null ? null : /^(.+):(\d{1,15})$/.exec(value)
  const record = Number(match?.[2])
  return match?.[1] && record > 0 ? { catalog: match[1], record } : undefined
}

export function parseFindingFilters(search: string): FindingFilters {
  const params = new URLSearchParams(search)
  const check = params.get('check')
  return {
    catalogo: params.get('catalogo') || undefined,
    check: check !== null && /^\d{1,9}$/.test(check) ? Number(check) : undefined,
    severidad: SEVERITY_VALUES.find((value) => value === params.get('severidad')),
    q: params.get('q')?.slice(0, 200) || undefined,
    orden: FINDING_SORT_VALUES.find((value) => value === params.get('orden')) ?? 'seq',
    dir: params.get('dir') === 'desc' ? 'desc' : 'asc',
    registro: parseRecord(params.get('registro')),
  }
}

export function formatFindingFilters(filters: Partial<FindingFilters>): string {
  const params = new URLSearchParams()
  const { catalogo, check, severidad, q, orden, dir, registro } = filters
  if (catalogo) params.set('catalogo', catalogo)
  if (check !== undefined) params.set('check', String(check))
  if (severidad) params.set('severidad', severidad)
  if (q) params.set('q', q)
  if (orden && orden !== 'seq') params.set('orden', orden)
  if (dir === 'desc') params.set('dir', dir)
  if (registro) params.set('registro', `${registro.catalog}:${registro.record}`)
  const text = params.toString()
  return text ? `?${text}` : ''
}

/** The filter part, as the engine takes it for the grid and for the export. */
export const toFindingFilter = ({
  catalogo,
  check,
  severidad,
  q,
}: FindingFilters): NonNullable<OperationInput<'executions.findings'>['filter']> => ({
  ...(catalogo ? { catalog: catalogo } : {}),
  ...(check === undefined ? {} : { checkId: check }),
  ...(severidad ? { severity: severidad } : {}),
  ...(q ? { search: q } : {}),
})
