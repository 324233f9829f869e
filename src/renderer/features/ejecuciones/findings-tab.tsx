import { Button, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Verdict } from '@shared/model/execution'
import type { Finding } from '@shared/model/findings'
import { IconDownload } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useSearch } from 'wouter'
import { useCommand } from '../../api/hooks'
import { navigate } from '../../app/hash-location'
import { useText } from '../../app/prefs'
import { FINDING_SORT_VALUES, SEVERITY_VALUES } from '../../blocks/values'
import { ClearFilters } from '../../ui/clear-filters'
import type { GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { usePagedSource } from '../../ui/grid/source'
import { notifyError } from '../../ui/notify'
import { SearchBox } from '../../ui/search-box'
import { SeverityBadge, severityKey } from '../../ui/state-badge'
import {
  type FindingFilters,
  formatFindingFilters,
  parseFindingFilters,
  toFindingFilter,
} from './finding-filters'
import { RecordDrawer } from './record-drawer'

const pick = (output: { items: Finding[]; total: number }) => output

function useColumns(): GridColumn<Finding>[] {
  const { t, number } = useText()
  return useMemo(
    () => [
      {
        id: 'severity',
        header: t('column.severidad'),
        width: 96,
        sortable: true,
        text: (row) => t(severityKey(row.severity)),
        render: (row) => <SeverityBadge severity={row.severity} />,
      },
      { id: 'catalog', header: t('column.catalogo'), width: 104, sortable: true, text: (row) => row.catalog },
      {
        id: 'record',
        header: t('column.registro'),
        width: 80,
        align: 'right',
        sortable: true,
        text: (row) => (row.record === null ? '' : number(row.record)),
      },
      {
        id: 'line',
        header: t('column.linea'),
        width: 70,
        align: 'right',
        sortable: true,
        text: (row) => (row.line === null ? '' : number(row.line)),
      },
      { id: 'field', header: t('column.campo'), width: 124, sortable: true, text: (row) => row.field ?? '' },
      {
        id: 'value',
        header: t('column.valor'),
        width: 140,
        sortable: true,
        mono: true,
        text: (row) => row.value ?? '',
        mark: (row) => (row.value === null ? null : { severity: row.severity, message: row.message }),
      },
      { id: 'rule', header: t('column.regla'), width: 150, sortable: true, text: (row) => row.rule },
      { id: 'message', header: t('column.mensaje'), width: 256, grow: true, text: (row) => row.message },
      { id: 'file', header: t('column.archivo'), width: 150, hidden: true, text: (row) => row.file ?? '' },
    ],
    [t, number],
  )
}

/** Every finding of the execution, paged from the engine; Enter opens the record in its place. */
export function FindingsTab({ verdict }: { verdict: Verdict }) {
  const { t } = useText()
  const search = useSearch()
  const filters = parseFindingFilters(search)
  const base = `/ejecuciones/${verdict.executionId}/hallazgos`
  const go = (next: FindingFilters, replace = true) =>
    navigate(`${base}${formatFindingFilters(next)}`, { replace })
  const filter = toFindingFilter(filters)
  const request = { executionId: verdict.executionId, filter, sort: filters.orden, direction: filters.dir }
  const source = usePagedSource<'executions.findings', Finding>('executions.findings', request, pick)
  const filtered = Object.keys(filter).length > 0
  const clear = () => go({ orden: filters.orden, dir: filters.dir })
  return (
    <>
      <DataGrid
        id="hallazgos"
        label={t('execution.tab.hallazgos')}
        columns={useColumns()}
        source={source}
        sort={{ column: filters.orden, direction: filters.dir }}
        onSort={({ column, direction }) => {
          const orden = FINDING_SORT_VALUES.find((value) => value === column)
          if (orden) go({ ...filters, orden, dir: direction })
        }}
        onOpen={(row) => {
          if (row.record !== null)
            go({ ...filters, registro: { catalog: row.catalog, record: row.record } }, false)
        }}
        resetKey={JSON.stringify(request)}
        counter={(n) => t(filtered ? 'findings.countFiltered' : 'findings.count', { n })}
        empty={{
          text: filtered ? t('findings.none') : t('findings.empty'),
          action: filtered ? (
            <Button variant="default" onClick={clear}>
              {t('filter.clear')}
            </Button>
          ) : undefined,
        }}
        toolbar={
          <Filters verdict={verdict} filters={filters} onFilters={go} filtered={filtered} onClear={clear} />
        }
        tools={<ExportButton verdict={verdict} filter={filter} />}
      />
      <RecordDrawer
        executionId={verdict.executionId}
        at={filters.registro}
        onMove={(record) => filters.registro && go({ ...filters, registro: { ...filters.registro, record } })}
        onClose={() => go({ ...filters, registro: undefined })}
      />
    </>
  )
}

interface FiltersProps {
  verdict: Verdict
  filters: FindingFilters
  onFilters: (filters: FindingFilters) => void
  filtered: boolean
  onClear: () => void
}

function Filters({ verdict, filters, onFilters, filtered, onClear }: FiltersProps) {
  const { t } = useText()
  const catalogs = [...new Set(verdict.files.map((file) => file.catalog))]
  return (
    <>
      <SearchBox
        label={t('findings.search')}
        width={250}
        value={filters.q}
        onChange={(q) => onFilters({ ...filters, q })}
      />
      <Select
        w={130}
        size="xs"
        clearable
        aria-label={t('column.catalogo')}
        placeholder={t('filter.anyCatalog')}
        data={catalogs}
        value={filters.catalogo ?? null}
        onChange={(value) => onFilters({ ...filters, catalogo: value ?? undefined, check: undefined })}
      />
      <Select
        w={210}
        limit={100}
        size="xs"
        clearable
        searchable
        aria-label={t('column.regla')}
        placeholder={t('filter.anyRule')}
        data={verdict.checks
          .filter((check) => !filters.catalogo || (check.recordsOf ?? check.target) === filters.catalogo)
          .map((check) => ({ value: String(check.id), label: `${check.rule} · ${check.target}` }))}
        value={filters.check === undefined ? null : String(filters.check)}
        onChange={(value) => onFilters({ ...filters, check: value === null ? undefined : Number(value) })}
      />
      <Select
        w={130}
        size="xs"
        clearable
        aria-label={t('column.severidad')}
        placeholder={t('filter.anySeverity')}
        data={SEVERITY_VALUES.map((value) => ({ value, label: t(severityKey(value)) }))}
        value={filters.severidad ?? null}
        onChange={(value) =>
          onFilters({ ...filters, severidad: SEVERITY_VALUES.find((known) => known === value) })
        }
      />
      {filtered ? <ClearFilters onClear={onClear} /> : null}
    </>
  )
}

function ExportButton({ verdict, filter }: { verdict: Verdict; filter: ReturnType<typeof toFindingFilter> }) {
  const { t } = useText()
  const exporting = useCommand('executions.exportFindings')
  const open = useCommand('shell.openArtifact')
  const { executionId } = verdict
  const run = () =>
    exporting.mutate(
      { executionId, filter },
      {
        onError: (error) => notifyError(error.data),
        onSuccess: ({ file, rows }) =>
          notifications.show({
            withBorder: true,
            color: 'teal',
            autoClose: 10_000,
            title: t('findings.exported', { n: rows, file }),
            message: (
              <Button
                mt={4}
                variant="default"
                size="compact-xs"
                onClick={() =>
                  open.mutate(
                    { executionId, artifact: 'folder' },
                    { onError: (error) => notifyError(error.data) },
                  )
                }
              >
                {t('verdict.folder')}
              </Button>
            ),
          }),
      },
    )
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} />}
      loading={exporting.isPending}
      onClick={run}
    >
      {t('findings.export')}
    </Button>
  )
}
